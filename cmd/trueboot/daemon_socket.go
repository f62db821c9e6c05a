package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// socketPath is where a daemon listens. Who may read the store may ask.
func (p *program) socketPath() string { return filepath.Join(p.settings.store, "daemon.sock") }

// An askFor is what a client sends, in a line.
type askFor struct {
	Ask   string   `json:"ask"` // "visit", "status", "read"
	Limit string   `json:"limit,omitempty"`
	Words []string `json:"words,omitempty"` // the command line to read with
}

// A told is what the daemon answers, line by line; the last one has a status.
type told struct {
	Stdout string `json:"stdout,omitempty"`
	Stderr string `json:"stderr,omitempty"`
	Status *int   `json:"status,omitempty"`
}

// mostAsking bounds what a client may send.
const mostAsking = 64 << 10

// listen opens the socket. One that nobody listens on any more, since its daemon was killed, is replaced.
func listen(path string) (net.Listener, error) {
	conn, err := net.DialTimeout("unix", path, 2*time.Second)
	switch {
	case err == nil:
		conn.Close()
		return nil, fmt.Errorf("a daemon runs already for this store: it listens on %s", path)
	case errors.Is(err, syscall.ECONNREFUSED):
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w; the path of the store may be too long for a socket", err)
	}
	server, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("%w; the path of the store may be too long for a socket", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		server.Close()
		return nil, err
	}
	return server, nil
}

// A visitRequest is a visit that a client waits for.
type visitRequest struct {
	limit string
	to    *tellers
	gone  context.Context // ends when the client went away
	done  chan int
}

// tellers write what a command prints to a client.
type tellers struct {
	mu  sync.Mutex
	out *json.Encoder
}

func (t *tellers) tell(m told) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.out.Encode(m)
}

type teller struct {
	*tellers
	stderr bool
}

// Write never fails: a visit is not ended because nobody listens any more.
func (t teller) Write(text []byte) (int, error) {
	m := told{Stdout: string(text)}
	if t.stderr {
		m = told{Stderr: string(text)}
	}
	_ = t.tell(m)
	return len(text), nil
}

// serve answers clients until the socket is closed.
func (d *daemon) serve(ctx context.Context, server net.Listener, clients *sync.WaitGroup) {
	for {
		conn, err := server.Accept()
		if err != nil {
			return
		}
		clients.Go(func() {
			defer conn.Close()
			stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })
			defer stop()
			d.answer(ctx, conn)
		})
	}
}

// answer answers one client.
func (d *daemon) answer(ctx context.Context, conn net.Conn) {
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	var ask askFor
	to := &tellers{out: json.NewEncoder(conn)}
	end := func(status int, format string, arguments ...any) {
		if format != "" {
			_ = to.tell(told{Stderr: "trueboot: " + fmt.Sprintf(format, arguments...) + "\n"})
		}
		_ = to.tell(told{Status: &status})
	}
	if err := json.NewDecoder(io.LimitReader(conn, mostAsking)).Decode(&ask); err != nil {
		end(statusUsage, "the daemon was asked nothing that it understands: %v", err)
		return
	}
	switch ask.Ask {
	case "status":
		_ = to.tell(told{Stdout: d.status(time.Now())})
		end(statusPass, "")
	case "read":
		d.read(ctx, ask.Words, to, end)
	case "visit":
		gone, left := context.WithCancel(ctx)
		defer left()
		_ = conn.SetReadDeadline(time.Time{})
		go func() { // a client says nothing more: what is read is its end
			_, _ = conn.Read(make([]byte, 1))
			left()
		}()
		v := visitRequest{limit: ask.Limit, to: to, gone: gone, done: make(chan int, 1)}
		select {
		case d.asked <- v:
		default:
			end(statusError, "%d visits wait already; ask again later", mostAsked)
			return
		}
		if running, since := d.now(); running != "" {
			_ = to.tell(told{Stderr: fmt.Sprintf("trueboot: %s runs since %s: the visit begins when it ends\n", running, since.Local().Format("15:04"))})
		}
		select {
		case status := <-v.done:
			end(status, "")
		case <-ctx.Done():
			select { // the visit may have been cut short and still say how it ended
			case status := <-v.done:
				end(status, "")
			case <-time.After(time.Second):
				end(statusError, "the daemon was stopped before the visit")
			}
		}
	default:
		end(statusUsage, "the daemon does not know %q", ask.Ask)
	}
}

// read runs a command that reads the stores while the daemon writes to them.
func (d *daemon) read(ctx context.Context, words []string, to *tellers, end func(status int, format string, arguments ...any)) {
	if !onlyReads(words) {
		end(statusUsage, "the daemon runs no such command for others")
		return
	}
	select {
	case d.reads <- struct{}{}:
		defer func() { <-d.reads }()
	case <-ctx.Done():
		end(statusError, "the daemon was stopped")
		return
	}
	words = append(slices.Clone(words), "--store="+d.p.settings.store) // the last one counts
	end(run(ctx, words, strings.NewReader(""), teller{to, false}, teller{to, true}), "")
}

// readers are the commands that only read the stores, and write nothing but their result.
var readers = []string{"trueboot history", "trueboot report", "trueboot diff", "trueboot baseline show", "trueboot baseline diff"}

// onlyReads reports whether a command line reads stores and prints, and does nothing else.
func onlyReads(words []string) bool {
	root := (&program{stdin: strings.NewReader(""), stdout: &results{to: io.Discard}, stderr: io.Discard}).rootCommand()
	c, rest, err := root.Find(words)
	if err != nil || !slices.Contains(readers, c.CommandPath()) || c.ParseFlags(rest) != nil {
		return false
	}
	for _, flag := range []string{"output", "sign"} {
		if f := c.Flags().Lookup(flag); f != nil && f.Changed {
			return false
		}
	}
	return true
}

// askInstead has a daemon that holds the stores run a command that found them in use; it reports whether there was one.
func (p *program) askInstead(ctx context.Context, words []string) (error, bool) {
	if !exists(p.socketPath()) || !onlyReads(words) {
		return nil, false
	}
	return p.askDaemon(ctx, askFor{Ask: "read", Words: words}), true
}

// visit runs a visit that was asked for, unless nobody waits for it any more.
func (d *daemon) visit(ctx context.Context, v visitRequest) {
	if v.gone.Err() != nil {
		return
	}
	d.p.say("a visit of %s was asked for", v.limit)
	status := d.command(ctx, "a visit of "+v.limit, []string{"sweep", "--limit=" + v.limit}, teller{v.to, false}, teller{v.to, true})
	d.p.say("the visit of %s ended with status %d", v.limit, status)
	v.done <- status
}

func (d *daemon) now() (running string, since time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running, d.since
}

// status is what ran and what comes, in lines for people.
func (d *daemon) status(now time.Time) string {
	const form = "2006-01-02 15:04 MST"
	text := ""
	if running, since := d.now(); running != "" {
		text += fmt.Sprintf("%s runs since %s\n", running, since.Local().Format(form))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.schedules {
		l := d.last[s.Name]
		text += fmt.Sprintf("%s: next on %s", s.Name, s.due.Next(maxTime(l.Due, now)).Local().Format(form))
		if !l.Ended.IsZero() {
			text += fmt.Sprintf("; last on %s, which ended with status %d after %v", l.Started.Local().Format(form), l.Status, l.Ended.Sub(l.Started).Round(time.Second))
		}
		text += "\n"
	}
	return text
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (p *program) daemonVisitCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "visit LIMIT",
		Short: "ask the daemon to visit devices now",
		Long: `Ask the daemon that runs for this store to visit devices, by the patterns that --limit of a sweep takes, and show what it finds. The visit begins when nothing else runs. The evidence is kept as that of a sweep.
Whoever stops waiting before the visit begins calls it off.`,
		Args:        takes("LIMIT", 1, 1),
		Annotations: exits(judgedHelp),
		RunE: func(c *cobra.Command, limits []string) error {
			return p.askDaemon(c.Context(), askFor{Ask: "visit", Limit: limits[0]})
		},
	}
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) daemonStatusCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "status", Short: "show what the daemon ran and what comes", Args: takes("argument", 0, 0), Annotations: exits(workedHelp),
		RunE: func(c *cobra.Command, _ []string) error { return p.askDaemon(c.Context(), askFor{Ask: "status"}) },
	}
	p.settings.registerStore(c.Flags())
	return c
}

// askDaemon sends the daemon a request and prints what it answers.
func (p *program) askDaemon(ctx context.Context, ask askFor) error {
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "unix", p.socketPath())
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("no daemon runs for this store (%s); trueboot daemon starts one, and trueboot sweep visits without one", p.settings.store)
	}
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := json.NewEncoder(conn).Encode(ask); err != nil {
		return err
	}
	answers := json.NewDecoder(conn)
	for {
		var m told
		if err := answers.Decode(&m); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("the daemon went away before it had answered: %w", err)
		}
		if _, err := io.WriteString(p.stdout, m.Stdout); err != nil {
			return err
		}
		if _, err := io.WriteString(p.stderr, m.Stderr); err != nil {
			return err
		}
		if m.Status != nil {
			if *m.Status == statusPass {
				return nil
			}
			return &status{code: *m.Status}
		}
	}
}
