package session

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"
)

// AskOnTerminal asks a person, without showing what is typed. It is what [Credentials] does where Ask is nil; who has something of
// his own on the terminal calls it from there.
func AskOnTerminal(ctx context.Context, question string) (string, error) {
	input := int(os.Stdin.Fd())
	if !term.IsTerminal(input) {
		return "", errors.New("there is no terminal to ask on; use env:NAME, file:PATH or command:PROGRAM instead")
	}
	before, err := term.GetState(input)
	if err != nil {
		return "", err
	}
	type answer struct {
		text []byte
		err  error
	}
	answered := make(chan answer, 1)
	fmt.Fprintf(os.Stderr, "%s: ", question)
	go func() {
		text, err := term.ReadPassword(input)
		answered <- answer{text, err}
	}()
	defer fmt.Fprintln(os.Stderr)
	select {
	case a := <-answered:
		return string(a.text), a.err
	case <-ctx.Done():
		// The read can't be interrupted; the terminal at least shows again what is typed.
		return "", errors.Join(ctx.Err(), term.Restore(input, before))
	}
}
