package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/creack/pty"
)

// screenMain is a program of the scripts: screen COLUMNS COMMAND… runs a command on a terminal of so many columns, ends
// with its exit status, and prints what stands on the screen at the end. To standard error goes all that ever
// stood there, each state of a line on a line of its own. What it reads from standard input is typed when the first
// question stands there, which ends with a colon and a blank.
func screenMain() {
	columns, err := strconv.ParseUint(os.Args[1], 10, 16)
	if err != nil {
		fatal(err)
	}
	c := exec.Command(os.Args[2], os.Args[3:]...)
	terminal, err := pty.StartWithSize(c, &pty.Winsize{Rows: 50, Cols: uint16(columns)})
	if err != nil {
		fatal(err)
	}
	answer, err := io.ReadAll(os.Stdin)
	if err != nil {
		fatal(err)
	}
	var text []byte
	for {
		part := make([]byte, 1024)
		n, err := terminal.Read(part)
		text = append(text, part[:n]...)
		if len(answer) > 0 && bytes.HasSuffix(text, []byte(": ")) {
			if _, err := terminal.Write(answer); err != nil {
				fatal(err)
			}
			answer = nil
		}
		if err != nil { // at the end of the command, Linux makes an error of reading on
			break
		}
	}
	err = c.Wait()
	fmt.Print(shown(string(text)))
	fmt.Fprint(os.Stderr, strings.ReplaceAll(strings.ReplaceAll(string(text), "\r\n", "\n"), "\r", "\n"))
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(125)
}

// shown returns what a terminal shows after a text. Of escape sequences it knows those that colour, which have no
// width, and it knows no end of the line: a text wider than the terminal stays as it is.
func shown(text string) string {
	var above strings.Builder
	var line []string // a cell each
	column, escape := 0, ""
	for _, c := range text {
		switch {
		case escape != "" || c == '\x1b':
			escape += string(c)
			if c != 'm' {
				continue
			}
			if column > 0 {
				line[column-1] += escape
			} else {
				above.WriteString(escape)
			}
			escape = ""
		case c == '\n':
			above.WriteString(strings.TrimRight(strings.Join(line, ""), " ") + "\n")
			line, column = nil, 0
		case c == '\r':
			column = 0
		default:
			if column == len(line) {
				line = append(line, "")
			}
			line[column] = string(c)
			column++
		}
	}
	return above.String() + strings.TrimRight(strings.Join(line, ""), " ")
}
