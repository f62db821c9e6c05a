package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var updateGuides = flag.Bool("update-guides", false, "write what the commands of the guides print into them")

// guides are the pages of docs whose blocks of the kind console are followed: what stands behind a $ is run, one after the other in one folder, and has to
// print what stands below it. "$ cat FILE" makes the file of what stands below it where there is none yet.
var guides = []string{"inventory.md"}

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")
	// 2026-12-01
	guideDay = regexp.MustCompile(`\b20\d\d-\d\d-\d\d\b`)
	// SHA256:jVyP0…
	guideKey = regexp.MustCompile(`SHA256:[A-Za-z0-9+/]{43}`)
)

// sameEachTime puts fixed texts where every run has its own.
func sameEachTime(text string) string {
	return guideKey.ReplaceAllString(guideDay.ReplaceAllString(text, "2026-12-01"), "SHA256:…")
}

func TestGuides(t *testing.T) {
	for _, page := range guides {
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
			followed := consoleBlock.ReplaceAllStringFunc(string(text), func(block string) string {
				return "```console\n" + follow(t, strings.TrimSuffix(strings.TrimPrefix(block, "```console\n"), "```")) + "```"
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
func follow(t *testing.T, block string) string {
	t.Helper()
	var out strings.Builder
	for part := range strings.SplitSeq(strings.TrimPrefix(block, "$ "), "\n$ ") {
		command, below, _ := strings.Cut(part, "\n")
		words := commandWords(command)
		var printed strings.Builder
		switch {
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
