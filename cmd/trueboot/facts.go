package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/facts"
	"trueboot/reports"
)

// maxReply bounds a saved reply that is read from a file.
const maxReply = 64 << 20

func (p *program) factsCommand() *cobra.Command {
	var platformName, command string
	c := &cobra.Command{
		Use:   "facts --platform PLATFORM [--command COMMAND] FILE…",
		Short: "print the facts in saved replies, as JSON lines",
		Long: `Read saved replies and print what they state, one fact a line: kind, subject, value, command, line, tier. What was not
understood follows as {"gap": …}.

FILE is one saved reply, a folder that holds a capture, or - for standard input. The command that a reply belongs to is told
by --command; without it by the file's name (show_version.txt), by the name of its folder (show_version/a.txt), or by the
echo in its first line (core1#show version).`,
		Annotations: exits(`  0  every file was read; gaps are no errors
  1  a file could not be read
  2  wrong usage, or which command printed a file is not known`),
		Args: takes("FILE", 1, -1),
		RunE: func(c *cobra.Command, paths []string) error {
			platform, err := findPlatform(platformName)
			if err != nil {
				return err
			}
			var problems []error
			for _, path := range paths { // one that can't be read keeps nobody from reading the others
				set, err := p.factsOf(c, platform, path, command)
				if err != nil {
					problems = append(problems, err)
					continue
				}
				if err := reports.WriteFacts(p.stdout, set); err != nil {
					return err
				}
			}
			return errors.Join(problems...)
		},
	}
	c.Flags().StringVar(&platformName, "platform", "cisco_ios", "`platform` that printed the replies")
	c.Flags().StringVar(&command, "command", "", "`command` that the replies belong to")
	return c
}

func (p *program) factsOf(c *cobra.Command, platform collectors.Platform, path, command string) (facts.Set, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		transcript, err := capture.Load(path)
		if err != nil {
			return facts.Set{}, err
		}
		return collectors.Collect(c.Context(), platform, transcript.Sessions()...), nil
	}
	text, err := p.readReply(path)
	if err != nil {
		return facts.Set{}, err
	}
	query, transport, spelled, ok := reader(platform, command, path, text)
	if !ok {
		if command != "" {
			return facts.Set{}, usage("%s: no reader for %q; \"trueboot platforms --commands\" lists what is read", platform.Name, command)
		}
		return facts.Set{}, usage("%s: which command printed it is not known: say --command", path)
	}
	return platform.ReadReply(transport, query, collectors.Reply{Command: spelled, Text: text}), nil
}

func (p *program) readReply(path string) (string, error) {
	var in io.Reader = p.stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxReply+1))
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	if len(text) > maxReply {
		return "", fmt.Errorf("%s: more than %d bytes", path, maxReply)
	}
	return string(text), nil
}

// reader finds the query that a saved reply belongs to, its transport, and the command in full.
func reader(platform collectors.Platform, command, path, text string) (collectors.Query, collectors.Transport, string, bool) {
	candidates := []string{command}
	if command == "" {
		base := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		folder := filepath.Base(filepath.Dir(path))
		first, _, _ := strings.Cut(text, "\n")
		candidates = []string{unfold(base), unfold(folder), echoed(first)}
	}
	for _, candidate := range candidates {
		for _, transport := range []collectors.Transport{collectors.CLI, collectors.NETCONF} {
			if query, ok := platform.Reader(transport, candidate); candidate != "" && ok {
				return query, transport, candidate, true
			}
		}
	}
	return collectors.Query{}, "", "", false
}

// unfold turns a file's name back into words.
func unfold(name string) string { return strings.ReplaceAll(name, "_", " ") }

// echoed is what stands behind a prompt.
//
//	core1#show version
func echoed(line string) string {
	if i := strings.IndexAny(line, "#>"); i > 0 && !strings.ContainsAny(line[:i], " \t") {
		return strings.TrimSpace(line[i+1:])
	}
	return ""
}
