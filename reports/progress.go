package reports

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// A Progress is the line at the bottom of a terminal that tells how far a run is: devices done, how they
// stand, the pace, the time that is left and the device that has taken longest so far.
//
// A nil *Progress is one that shows nothing; its methods may be called. They are safe for
// concurrent use.
type Progress struct {
	bottomLine
	total    int
	started  time.Time
	done     int
	statuses map[Status]int
	running  map[string]time.Time
}

// redrawEvery is how often the line changes: fast enough to look alive, slow enough for a serial console.
const redrawEvery = 250 * time.Millisecond

// NewProgress starts the progress line of a run of so many devices. It returns nil when the file is
// no terminal. [Progress.Close] must be called.
func NewProgress(terminal *os.File, total int) *Progress {
	if !term.IsTerminal(int(terminal.Fd())) {
		return nil
	}
	return startProgress(terminal, total, func() int { return Width(terminal) })
}

func startProgress(out io.Writer, total int, width func() int) *Progress {
	p := &Progress{total: total, started: time.Now(), statuses: map[Status]int{}, running: map[string]time.Time{}}
	p.start(out, width, p.line)
	return p
}

// Begin says that a device is being visited.
func (p *Progress) Begin(device string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running[device] = time.Now()
}

// Done says that a device is finished.
func (p *Progress) Done(device string, status Status) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, device)
	p.done++
	p.statuses[status]++
}

// Writer returns a writer for what goes to the same terminal: it takes the progress line away, writes
// and puts it back. Each write must end with a line end. After Close it only writes.
func (p *Progress) Writer(w io.Writer) io.Writer {
	if p == nil {
		return w
	}
	return aboveProgress{p, w}
}

type aboveProgress struct {
	progress *Progress
	out      io.Writer
}

func (a aboveProgress) Write(text []byte) (int, error) {
	a.progress.mu.Lock()
	defer a.progress.mu.Unlock()
	if a.progress.shown == 0 {
		return a.out.Write(text)
	}
	a.progress.erase()
	n, err := a.out.Write(text)
	a.progress.draw()
	return n, err
}

// Aside takes the line away while something else is done on the terminal, such as asking for a password. Until it is done, nothing is
// written through [Progress.Writer].
func (p *Progress) Aside(do func()) {
	if p == nil {
		do()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	do()
}

// Close takes the line away. It may be called again.
func (p *Progress) Close() {
	if p != nil {
		p.close()
	}
}

// line is the text of the progress line, in ASCII.
func (p *Progress) line(now time.Time) string {
	parts := []string{fmt.Sprintf("%s/%s", grouped(p.done), grouped(p.total))}
	if p.total > 0 {
		parts[0] += fmt.Sprintf(" %d%%", 100*p.done/p.total)
	}
	for _, s := range []Status{StatusOK, StatusExplained, StatusWaived, StatusFail, StatusNotAssessed, StatusNoLogin, StatusNotVisited} {
		if n := p.statuses[s]; n > 0 {
			parts = append(parts, grouped(n)+" "+string(s))
		}
	}
	elapsed := now.Sub(p.started)
	if p.done > 0 && elapsed > 0 {
		pace := float64(p.done) / elapsed.Seconds()
		if pace >= 1 {
			parts = append(parts, fmt.Sprintf("%.0f/s", pace))
		} else {
			parts = append(parts, fmt.Sprintf("%.0f/min", 60*pace))
		}
		if left := p.total - p.done; left > 0 {
			parts = append(parts, "about "+wholeSeconds(time.Duration(float64(left)/pace*float64(time.Second)))+" left")
		}
	}
	slowest, since := "", now
	for device, begun := range p.running {
		if begun.Before(since) || begun.Equal(since) && (slowest == "" || device < slowest) {
			slowest, since = device, begun
		}
	}
	if slowest != "" {
		name := strings.Map(func(r rune) rune {
			if r > '~' {
				return '?'
			}
			return r
		}, Printable(slowest, maxWord))
		parts = append(parts, fmt.Sprintf("%s for %s", name, wholeSeconds(now.Sub(since))))
	}
	return strings.Join(parts, "  ")
}

func wholeSeconds(d time.Duration) string {
	if d = d.Round(time.Second); d < time.Minute {
		return fmt.Sprintf("%.0fs", d.Seconds())
	}
	return duration(d)
}
