package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"trueboot/inventory"
)

// Credentials fetches secrets from where an inventory says they are. Each is fetched once and then kept
// in memory, so that a helper runs, and a person is asked, once for a whole sweep. One at a time is
// fetched: two questions on one terminal can't be told apart.
type Credentials struct {
	// Ask puts a question to a person and returns the answer. Nil stands for the terminal on which the program
	// was started.
	Ask func(ctx context.Context, question string) (string, error)

	turn  chan struct{} // holds one token
	known map[string]fetched
}

type fetched struct {
	secret secret
	err    error
}

// NewCredentials returns an empty store.
func NewCredentials() *Credentials {
	return &Credentials{turn: make(chan struct{}, 1), known: make(map[string]fetched)}
}

// fetch returns the secret behind a reference; the zero reference has none. What it is for, such as "password of
// admin", is the question where a person is asked, and stands in errors; the secret never does.
func (c *Credentials) fetch(ctx context.Context, reference inventory.Secret, purpose string) (secret, error) {
	if reference == "" {
		return secret{}, nil
	}
	source, argument := reference.Source()
	key := string(reference)
	if source == inventory.FromPrompt {
		key += " " + purpose // one prompt may stand for several secrets
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return secret{}, ctx.Err()
	}
	if f, ok := c.known[key]; ok {
		return f.secret, f.err
	}
	text, err := c.read(ctx, source, argument, purpose)
	if err == nil && text == "" {
		err = errors.New("is empty")
	}
	if err == nil && strings.ContainsAny(text, "\x00\r\n") {
		err = errors.New("holds a line end or a NUL, which can't be typed")
	}
	f := fetched{secret: secret{text}}
	if err != nil {
		f = fetched{err: fmt.Errorf("%s from %s: %w", purpose, printable(reference), err)}
	}
	if ctx.Err() == nil { // who gave up has not found out anything
		c.known[key] = f
	}
	return f.secret, f.err
}

// Reveal returns the secret behind a reference, for one who has to send it elsewhere than to a device. purpose is what errors call it.
func (c *Credentials) Reveal(ctx context.Context, reference inventory.Secret, purpose string) (string, error) {
	s, err := c.fetch(ctx, reference, purpose)
	return s.text, err
}

// printable returns the reference for a message. One of an unknown form may be a password that somebody put there.
func printable(reference inventory.Secret) string {
	switch source, argument := reference.Source(); source {
	case inventory.FromEnvironment, inventory.FromFile:
		return fmt.Sprintf("%q", source+":"+argument)
	case inventory.FromCommand:
		program, _, _ := strings.Cut(argument, " ")
		return fmt.Sprintf("%q", source+":"+program)
	case inventory.FromPrompt:
		return source
	}
	return "its reference"
}

// maxSecret bounds what a file or a helper may hold.
const maxSecret = 4 << 10

var errTooLong = fmt.Errorf("is longer than %d bytes", maxSecret)

func (c *Credentials) read(ctx context.Context, source, argument, purpose string) (string, error) {
	switch source {
	case inventory.FromEnvironment:
		text, ok := os.LookupEnv(argument)
		if !ok {
			return "", errors.New("the variable is not set")
		}
		return text, nil
	case inventory.FromFile:
		return readSecretFile(argument)
	case inventory.FromCommand:
		return runHelper(ctx, strings.Fields(argument))
	case inventory.FromPrompt:
		if c.Ask != nil {
			return c.Ask(ctx, purpose)
		}
		return AskOnTerminal(ctx, purpose)
	}
	return "", errors.New("a secret is given as env:NAME, file:PATH, command:PROGRAM ARGUMENTS or prompt")
}

// readSecretFile returns a file's first line.
func readSecretFile(path string) (string, error) {
	path, err := withoutTilde(path)
	if err != nil {
		return "", err
	}
	content, err := readOwnFile(path, maxSecret)
	if err != nil {
		return "", err
	}
	line, _, _ := bytes.Cut(content, []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r"))), nil
}

// readOwnFile reads a file that only its owner can read.
func readOwnFile(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := checkOwnerReads(file); err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > most {
		return nil, fmt.Errorf("%s is longer than %d bytes", path, most)
	}
	return content, nil
}

func withoutTilde(path string) (string, error) {
	rest, ok := strings.CutPrefix(path, "~/")
	if !ok {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, rest), nil
}

// helperLimit is for a program that may ask a remote vault.
const helperLimit = 30 * time.Second

// runHelper starts a program without a shell and returns what it prints. What it writes to standard error may
// quote the secret, so it is not shown.
func runHelper(ctx context.Context, argv []string) (string, error) {
	if len(argv) == 0 {
		return "", errors.New("no program is named")
	}
	ctx, cancel := context.WithTimeout(ctx, helperLimit)
	defer cancel()
	program, err := withoutTilde(argv[0])
	if err != nil {
		return "", err
	}
	helper := exec.CommandContext(ctx, program, argv[1:]...)
	helper.WaitDelay = time.Second
	output := &boundedOutput{}
	helper.Stdout = output
	err = helper.Run()
	var exit *exec.ExitError
	switch {
	case output.overflow:
		return "", fmt.Errorf("what the program printed %w", errTooLong)
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "", fmt.Errorf("the program did not end within %v", helperLimit)
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.As(err, &exit):
		return "", fmt.Errorf("the program ended with %s; run it by hand to see why", exit.ProcessState)
	case err != nil:
		return "", err
	}
	text := strings.TrimSuffix(output.text.String(), "\n")
	return strings.TrimSuffix(text, "\r"), nil
}

// boundedOutput takes what a helper prints and stops it when that is too much.
type boundedOutput struct {
	text     strings.Builder
	overflow bool
}

func (b *boundedOutput) Write(p []byte) (int, error) {
	if b.text.Len()+len(p) > maxSecret+2 {
		b.overflow = true
		return 0, errTooLong
	}
	return b.text.Write(p)
}
