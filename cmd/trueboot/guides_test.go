package main

import (
	"context"
	"crypto/md5"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/collectors/emulator"
	"trueboot/collectors/emulator/fleet"
)

var updateGuides = flag.Bool("update-guides", false, "write what the commands of the guides print into them")

// guides are the pages of docs whose blocks of the kind console are followed: what stands behind a $ is run, one after the other in one folder, and has to
// print what stands below it. "$ cat FILE" makes the file of what stands below it where there is none yet, and "$ # words" does what the page's stage does at these words.
var guides = map[string]func(t *testing.T) stage{
	"inventory.md":         func(*testing.T) stage { return nil },
	"maintenance-check.md": maintenance,
	"daemon.md":            daemonRuns,
	"cron.md":              maintenance,
}

// A stage is what happens outside of the page, by the words of the page.
type stage map[string]func()

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")
	// 2026-12-01
	guideDay = regexp.MustCompile(`\b20\d\d-\d\d-\d\d\b`)
	// 1 device in 1.4s
	guideSpan = regexp.MustCompile(`\bin \d+(\.\d+)?m?s\b`)
	// 22:15 UTC, root@collector1
	guideWho = regexp.MustCompile(`(?m)(, run \d+, .*), \S+@\S+$`)
	// SHA256:jVyP0…
	guideKey = regexp.MustCompile(`SHA256:[A-Za-z0-9+/]{43}`)
	// 22:15 UTC
	// 22:15:07 UTC
	guideHour = regexp.MustCompile(`\b\d\d:\d\d(:\d\d)?( [A-Z][A-Z0-9+-]*)?\b`)
)

// daemonRuns starts a daemon when the page does, and ends it with the test.
func daemonRuns(t *testing.T) stage {
	return stage{"the daemon is started": func() {
		ctx, stop := context.WithCancel(t.Context())
		var said strings.Builder
		ended := make(chan int, 1)
		go func() { ended <- run(ctx, []string{"daemon"}, strings.NewReader(""), &said, &said) }()
		t.Cleanup(func() {
			stop()
			if code := <-ended; code != statusPass {
				t.Errorf("the daemon ended with %d: %s", code, said.String())
			}
		})
		for {
			var answer strings.Builder
			if run(ctx, []string{"daemon", "status"}, strings.NewReader(""), &answer, &answer) == statusPass {
				return
			}
			select {
			case code := <-ended:
				t.Fatalf("the daemon ended with %d: %s", code, said.String())
			case <-time.After(10 * time.Millisecond):
			}
		}
	}}
}

// maintenance is a router with 17.6.3, approved, for which the vendor's list is known.
func maintenance(t *testing.T) stage {
	old := fleet.EdgeRouter("edge1", 31, "17.6.3", time.Now())
	with := func(d fleet.Device) emulator.Device {
		return emulator.Device{Hostname: d.Name, Transcript: d.Transcript(time.Now().UTC()), Username: "auditor", Password: "login-secret", StartPrivileged: true}
	}
	server, err := emulator.Start(with(old))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	host, port, err := splitAddress(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	upgraded := fleet.EdgeRouter("edge1", 31, "17.9.4a", time.Now())
	upgraded.Uptime, upgraded.Restarted = 0, time.Now()
	image := upgraded.Images[0]
	sum := md5.Sum([]byte(image.Content))
	for name, text := range map[string]string{
		"inventory.yaml": fmt.Sprintf("devices:\n  edge1: {address: %s, port: %d, platform: cisco_ios, username: auditor, password: \"file:password\"}\n", host, port),
		"password":       "login-secret\n",
		"MD5SUMS":        fmt.Sprintf("%x  %s\n", sum, baseline.FileName(image.Path)),
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	replace := func(d fleet.Device) {
		if err := server.Replace(with(d)); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range []string{"sweep", "baseline approve --all --reason survey", "known import MD5SUMS --provenance vendor-page"} {
		var printed strings.Builder
		if code := run(t.Context(), strings.Fields(line), strings.NewReader(""), &printed, &printed); code != statusPass && code != statusNotAssessed {
			t.Fatalf("%s: %d\n%s", line, code, printed.String())
		}
	}
	return stage{
		"the image is copied to the router": func() {
			copied := old
			image.Path = strings.Replace(image.Path, ":", ":/", 1) // as the listing has it: no boot variable names it yet
			copied.Images = append(slices.Clone(old.Images), image)
			replace(copied)
		},
		"somebody copies a file to the router": func() {
			more := old
			more.Files = append(slices.Clone(old.Files), fleet.File{Path: "bootflash:/evil.tcl", Size: 4711})
			replace(more)
		},
		"the router is upgraded": func() { replace(upgraded) },
	}
}

// sameEachTime puts fixed texts where every run has its own.
func sameEachTime(text string) string {
	text = guideHour.ReplaceAllString(guideDay.ReplaceAllString(text, "2026-12-01"), "22:15 UTC")
	text = guideWho.ReplaceAllString(guideSpan.ReplaceAllString(text, "in 2.1s"), "$1, trueboot@collector")
	return guideKey.ReplaceAllString(text, "SHA256:…")
}

func TestGuides(t *testing.T) {
	for page, set := range guides {
		t.Run(page, func(t *testing.T) {
			path, err := filepath.Abs(filepath.Join("../../docs", page))
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			outside := set(t)
			followed := consoleBlock.ReplaceAllStringFunc(string(text), func(block string) string {
				return "```console\n" + follow(t, outside, strings.TrimSuffix(strings.TrimPrefix(block, "```console\n"), "```")) + "```"
			})
			if followed == string(text) {
				return
			}
			if *updateGuides {
				if err := os.WriteFile(path, []byte(followed), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("docs/%s does not show what its commands print (go test ./cmd/trueboot -run Guides -update-guides writes it):\n%s", page, followed)
		})
	}
}

// follow runs the commands of a block and returns the block with what they print.
func follow(t *testing.T, outside stage, block string) string {
	t.Helper()
	var out strings.Builder
	for part := range strings.SplitSeq(strings.TrimPrefix(block, "$ "), "\n$ ") {
		command, below, _ := strings.Cut(part, "\n")
		words := commandWords(command)
		var printed strings.Builder
		switch {
		case words[0] == "#":
			happens, ok := outside[strings.TrimPrefix(command, "# ")]
			if !ok {
				t.Fatalf("nobody knows how %q happens", command)
			}
			happens()
		case words[0] == "trueboot":
			if code := run(t.Context(), words[1:], strings.NewReader(""), &printed, &printed); code == statusUsage {
				t.Errorf("%s: wrong usage", command)
			}
		case words[0] == "export":
			name, value, _ := strings.Cut(words[1], "=")
			t.Setenv(name, value)
		case words[0] == "cat" && !exists(words[1]):
			if err := os.WriteFile(words[1], []byte(strings.TrimSuffix(below, "\n")+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			fallthrough
		default:
			c := exec.CommandContext(t.Context(), words[0], words[1:]...)
			c.Stdout, c.Stderr = &printed, &printed
			if err := c.Run(); err != nil {
				t.Errorf("%s: %v", command, err)
			}
		}
		out.WriteString("$ " + command + "\n" + sameEachTime(printed.String()))
	}
	return out.String()
}

// aWord is a word of a command line; single quotation marks hold one together.
var aWord = regexp.MustCompile(`'([^']*)'|(\S+)`)

func commandWords(line string) []string {
	var words []string
	for _, m := range aWord.FindAllStringSubmatch(line, -1) {
		words = append(words, m[1]+m[2])
	}
	return words
}
