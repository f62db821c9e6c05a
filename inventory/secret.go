package inventory

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A Secret says where a credential is, never what it is, so it may be printed. The zero value stands
// for no credential. Its forms:
//
//	env:NAME               the environment variable of that name
//	file:PATH              the first line of a file that only its owner can read
//	command:PROGRAM ARG …  what the program prints; it is started without a shell, and
//	                       arguments are divided at blanks
//	prompt                 asked for on the terminal
type Secret string

// The sources of a secret.
const (
	FromEnvironment = "env"
	FromFile        = "file"
	FromCommand     = "command"
	FromPrompt      = "prompt"
)

// Source takes a secret apart: one of the From… constants, and what stands behind its colon. Both are empty
// for the zero value.
func (s Secret) Source() (source, argument string) {
	source, argument, _ = strings.Cut(string(s), ":")
	return source, argument
}

var errLiteralSecret = errors.New("must say where the secret is, not what it is: env:NAME, file:PATH, command:PROGRAM ARGUMENTS or prompt")

// ParseSecret checks a reference and turns a relative path into one from the inventory's
// folder. What it was given may be a password that somebody wrote into the file, so no error
// quotes it.
func ParseSecret(folder, text string) (Secret, error) {
	source, argument, colon := strings.Cut(text, ":")
	if source == FromPrompt && !colon {
		return Secret(text), nil
	}
	argument = strings.TrimSpace(argument)
	switch {
	case !printable(argument):
		return "", errNotPrintable
	case source == FromEnvironment && environmentName(argument):
		return Secret(source + ":" + argument), nil
	case source == FromFile && argument != "":
		return Secret(source + ":" + FromFolder(folder, argument)), nil
	case source == FromCommand && argument != "":
		return Secret(source + ":" + argument), nil
	}
	return "", errLiteralSecret
}

func environmentName(s string) bool {
	for i, c := range s {
		letter := c == '_' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// FromFolder returns the path as seen from the folder in which the inventory is. A leading "~/" is
// the home directory, which a shell would have put in its place.
func FromFolder(folder, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}
