//go:build unix

package history

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Variables that make this test binary write a history instead of testing one.
const (
	writeVariable = "TRUEBOOT_TEST_WRITE" // path
	limitVariable = "TRUEBOOT_TEST_LIMIT" // how long the file may get, in bytes: a full disk
)

// writeRuns adds runs of forty devices without end, and prints the number of each that it ended.
func writeRuns(path string) error {
	if limit, err := strconv.ParseUint(os.Getenv(limitVariable), 10, 64); err == nil {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	s, err := Open(path)
	if err != nil {
		return err
	}
	defer s.Close()
	for run := 1; ; run++ {
		w, err := s.Begin(Run{Started: began, Devices: 40})
		if err != nil {
			return err
		}
		for i := range 40 {
			v := visited(fmt.Sprintf("core%d", i), fmt.Sprintf("flash:%d.bin", run))
			v.Replies[0].Text += strings.Repeat(fmt.Sprintln(run, i, time.Now()), 100)
			if err := w.Add(v); err != nil {
				return errors.Join(err, w.End(true, nil))
			}
		}
		if err := w.End(false, nil); err != nil {
			return err
		}
		fmt.Println(w.Run().ID)
	}
}

func writer(t *testing.T, path string, variables ...string) (*exec.Cmd, *bufio.Scanner, *strings.Builder) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(append(os.Environ(), writeVariable+"="+path), variables...)
	errorsOf := &strings.Builder{}
	child.Stderr = errorsOf
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return child, bufio.NewScanner(stdout), errorsOf
}

// checkRuns holds that all is sound, and that the runs that were ended are there and complete.
func checkRuns(t *testing.T, path string, ended map[string]bool) {
	t.Helper()
	s, err := Open(path) // a process that was killed leaves no lock
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Verify(t.Context(), "")
	if err != nil || len(r.Damages) > 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	all, err := s.Runs()
	if err != nil {
		t.Fatal(err)
	}
	complete := 0
	for _, run := range all {
		visits := 0
		for v, err := range s.Visits(run.ID) {
			if err == nil {
				err = s.Texts(&v)
			}
			if err != nil {
				t.Fatal(err)
			}
			visits++
		}
		if run.Status == Complete && visits != 40 {
			t.Errorf("run %s is complete with %d visits", run.ID, visits)
		}
		if ended[run.ID] && run.Status == Complete {
			complete++
		}
	}
	if complete != len(ended) {
		t.Errorf("%d runs were ended, and %d of them are complete", len(ended), complete)
	}
}

// TestKilled kills a process that writes, again and again, and goes on with its file.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	ended := make(map[string]bool)
	for round := range 12 {
		child, lines, errorsOf := writer(t, path)
		for range 1 + round%3 { // so that it is killed in the middle of a run, not at its start
			if !lines.Scan() {
				t.Fatalf("the writer ended: %s", errorsOf)
			}
			ended[lines.Text()] = true
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had said before it was killed
			ended[lines.Text()] = true
		}
		child.Wait()
		checkRuns(t, path, ended)
	}
}

// TestDiskFull lets a file grow no further.
func TestDiskFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	child, lines, errorsOf := writer(t, path, limitVariable+"=25165824")
	ended := make(map[string]bool)
	for lines.Scan() {
		ended[lines.Text()] = true
	}
	if err := child.Wait(); err == nil {
		t.Error("the writer went on without a word")
	}
	if words := errorsOf.String(); !strings.Contains(words, path) || !strings.Contains(words, "see that the disk has room") {
		t.Errorf("error %q", words)
	}
	if len(ended) == 0 {
		t.Error("not one run fitted")
	}
	checkRuns(t, path, ended)

	s := reopened(t, path) // with room again, it goes on
	addRun(t, s, visited("core1", "flash:a.bin"))
}
