package session

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/scrapli/scrapligo/driver/generic"
	"github.com/scrapli/scrapligo/driver/opoptions"
	"github.com/scrapli/scrapligo/driver/options"
	"github.com/scrapli/scrapligo/transport"

	"trueboot/collectors"
	"trueboot/facts"
)

// A cli runs commands through scrapligo's generic driver over a transport of ours.
//
// The driver types the command, waits for its echo, presses Return and waits for the prompt. It does so by
// looking every ReadDelay whether something has come, which for a thousand devices that compute a
// hash is most of a sweep's work. So our transport answers in lockstep: what the driver types is kept until it presses
// Return, and that Write comes back when the device has printed its reply; by then what the driver wants to read is there.
// It looks once, and a session that waits costs nothing, so that the ReadDelay needs no tuning to the number of sessions.
//
// What the driver is given to read is a terminal that behaves: the echo, then a fixed prompt. The device's own bytes stay
// in our terminal. The driver would delete carriage returns, escape sequences and trailing blanks, which are evidence; it
// would look for its prompt in what may be text of an attacker; and a panic in one of its goroutines could not be recovered.
type cli struct {
	terminal *terminal
	driver   *generic.Driver
	shown    chan string // what the driver is to read
	exchange exchange
}

// An exchange is a command on its way.
type exchange struct {
	ctx         context.Context
	command     string
	idle, total time.Duration
	typed       bool
	reply       string
	err         error
}

// shownPrompt is what the driver sees for a prompt, and drivenPrompt the pattern by which it knows it.
//
//	>
const shownPrompt = "\n> "

var drivenPrompt = regexp.MustCompile(`\n> \z`)

func newCLI(t *terminal) (*cli, error) {
	c := &cli{terminal: t, shown: make(chan string, 2)}
	driver, err := generic.NewDriver("device",
		options.WithCustomTransport(c),
		options.WithAuthBypass(),
		options.WithPromptPattern(drivenPrompt),
	)
	if err != nil {
		return nil, fmt.Errorf("command line driver: %w", err)
	}
	c.driver = driver
	if err := driver.Open(); err != nil {
		return nil, fmt.Errorf("command line driver: %w", err)
	}
	return c, nil
}

// libraryMargin is how much later than ours the library's own time limit is, which it can't be without.
const libraryMargin = time.Minute

// run sends a command and returns its reply, or what there is of it with the error.
func (c *cli) run(ctx context.Context, command collectors.Command) (reply string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = c.terminal.end(failed(facts.SessionLost, "command line driver: %v", r))
		}
	}()
	l := c.terminal.limits
	c.exchange = exchange{
		ctx: ctx, command: command.String(),
		idle: shorter(command.Idle(), l.Idle), total: shorter(command.Total(), l.Total),
	}
	limit := c.exchange.total + l.Echo + 2*l.Prompt + libraryMargin
	_, err = c.driver.SendCommand(c.exchange.command, opoptions.WithNoStripPrompt(), opoptions.WithTimeoutOps(limit))
	switch {
	case c.exchange.err != nil: // the library loses the type of an error now and then
		err = c.exchange.err
	case err != nil:
		err = c.terminal.end(failed(facts.SessionLost, "command line driver: %w", err))
	}
	return c.exchange.reply, err
}

func (c *cli) settle(ctx context.Context) error { return c.terminal.settle(ctx) }

func (c *cli) over(ctx context.Context) *collectors.Failure { return c.terminal.over(ctx) }

func (c *cli) end(f *collectors.Failure) *collectors.Failure { return c.terminal.end(f) }

// close leaves the device. The connection is closed before the driver, which waits for its reader, which
// waits for the device.
func (c *cli) close() {
	c.terminal.leave()
	c.terminal.end(failed(facts.SessionLost, "%w", errClosed))
	c.driver.Close()
}

// The methods below are scrapligo's transport.Implementation.

// Open does nothing: the connection is there before the driver.
func (c *cli) Open(*transport.Args) error { return nil }

// Close ends the connection.
func (c *cli) Close() error {
	c.terminal.end(failed(facts.SessionLost, "%w", errClosed))
	return nil
}

// IsAlive reports whether the session can still be used.
func (c *cli) IsAlive() bool {
	select {
	case <-c.terminal.ended:
		return false
	default:
		return true
	}
}

// Read returns what the driver is to see next.
func (c *cli) Read(int) ([]byte, error) {
	select {
	case text := <-c.shown:
		return []byte(text), nil
	case <-c.terminal.ended:
		return nil, io.EOF
	}
}

// Write gets a command, and then Return. With Return it types the command and comes back when the device has printed its
// reply. What the driver reads about it goes ahead, so that it is there at once.
func (c *cli) Write([]byte) error {
	e := &c.exchange
	if !e.typed {
		e.typed = true
		c.shown <- e.command
		return nil
	}
	c.shown <- shownPrompt
	e.reply, e.err = c.terminal.command(e.ctx, e.command, e.idle, e.total)
	return e.err
}
