package reports

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A screen keeps the line that a terminal shows last, and the lines above it.
type screen struct {
	above  []string
	line   []rune
	column int
}

func (s *screen) Write(text []byte) (int, error) {
	for _, c := range string(text) {
		switch c {
		case '\n':
			s.above = append(s.above, strings.TrimRight(string(s.line), " "))
			s.line, s.column = nil, 0
		case '\r':
			s.column = 0
		default:
			if s.column == len(s.line) {
				s.line = append(s.line, ' ')
			}
			s.line[s.column] = c
			s.column++
		}
	}
	return len(text), nil
}

func (s *screen) last() string { return strings.TrimRight(string(s.line), " ") }

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s screen
		var width atomic.Int64
		width.Store(80)
		p := startProgress(&s, 2000, func() int { return int(width.Load()) })
		check := func(want string) {
			t.Helper()
			synctest.Wait()
			p.mu.Lock()
			defer p.mu.Unlock()
			if got := s.last(); got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		}
		check("")
		p.Begin("core1")
		time.Sleep(time.Second)
		p.Begin("core2")
		p.Begin("core\x1b3")
		time.Sleep(9 * time.Second)
		check("0/2,000 0%  core1 for 10s")

		p.Done("core1", StatusOK)
		p.Done("core2", StatusFail)
		time.Sleep(10 * time.Second)
		check(`2/2,000 0%  1 ok  1 FAIL  6/min  about 5h33m left  core\x1b3 for 19s`)

		// A result takes the place of the line, which moves down.
		if _, err := p.Writer(&s).Write([]byte("ok  core1\n")); err != nil {
			t.Fatal(err)
		}
		check(`2/2,000 0%  1 ok  1 FAIL  6/min  about 5h33m left  core\x1b3 for 19s`)
		p.Done("core\x1b3", StatusNoLogin)
		for range 997 {
			p.Done("x", StatusOK)
		}
		time.Sleep(time.Second)
		check("1,000/2,000 50%  998 ok  1 FAIL  1 no login  48/s  about 21s left")
		width.Store(21)
		time.Sleep(time.Second)
		check("1,000/2,000 50%  998")
		width.Store(0)
		time.Sleep(time.Second)
		check("")

		width.Store(80)
		time.Sleep(time.Second)
		p.Close()
		p.Close() // as who closes it on every way out does
		check("")
		if _, err := p.Writer(&s).Write([]byte("Recap\n")); err != nil {
			t.Fatal(err)
		}
		check("")
		if !slices.Equal(s.above, []string{"ok  core1", "Recap"}) {
			t.Errorf("the lines above are %q", s.above)
		}
	})
}

// TestAside holds that nothing else is on the terminal while a question is.
func TestAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s screen
		p := startProgress(&s, 2, func() int { return 80 })
		p.Begin("core1")
		time.Sleep(time.Second)
		p.Aside(func() {
			if got := s.last(); got != "" {
				t.Errorf("%q stands where the question comes", got)
			}
			if p.mu.TryLock() {
				t.Error("somebody else may write")
				p.mu.Unlock()
			}
		})
		p.Close()
	})
	asked := false
	(*Progress)(nil).Aside(func() { asked = true })
	if !asked {
		t.Error("without a line, nobody was asked")
	}
}

func TestNoProgressWithoutTerminal(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := NewProgress(file, 3)
	p.Begin("core1")
	p.Done("core1", StatusOK)
	if p.Writer(file) != file {
		t.Error("results take a detour")
	}
	p.Close()
	if info, err := file.Stat(); err != nil || info.Size() != 0 {
		t.Errorf("%d bytes, %v", info.Size(), err)
	}
	if Colour(file) {
		t.Error("colours in a file")
	}
	if Width(file) != 0 {
		t.Error("a file has a width")
	}
}
