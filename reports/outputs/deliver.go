package outputs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/time/rate"
)

// A Delivery is what became of an output's queue.
type Delivery struct {
	Output  string
	Sent    int
	Waiting int
	Err     error // why the rest waits; nil where nothing does
}

// Secrets reveals what a reference stands for.
type Secrets func(ctx context.Context, reference, purpose string) (string, error)

// errRefused means that the other side understood a message and will never take it: the next ones may fare better.
var errRefused = errors.New("refused")

// Waiting counts the messages that wait for an output.
func Waiting(o *Output, folder string) (int, error) {
	return queue{filepath.Join(folder, o.Name)}.waiting()
}

// A sender sends messages to one output, one at a time.
type sender interface {
	send(ctx context.Context, m message) error
	io.Closer
}

// tries is how often a message is tried in one delivery; between two, the sender is made anew.
const tries = 2

// markEvery is how many messages are sent between two notes of how far a batch is.
const markEvery = 25

// Deliver sends what is queued for an output, oldest first, until all is sent, an error that lasts, or the context's end.
func Deliver(ctx context.Context, o *Output, folder string, secrets Secrets) Delivery {
	q := queue{filepath.Join(folder, o.Name)}
	d := Delivery{Output: o.Name}
	names, err := q.batches()
	if err != nil || len(names) == 0 {
		d.Err = err
		return d
	}
	unlock, err := q.lock()
	if err != nil {
		d.Err = err
	} else {
		defer unlock()
		d.Err = o.drain(ctx, q, names, secrets, &d.Sent)
	}
	if waiting, err := q.waiting(); err != nil {
		d.Err = errors.Join(d.Err, err)
	} else {
		d.Waiting = waiting
	}
	return d
}

func (o *Output) drain(ctx context.Context, q queue, names []string, secrets Secrets, sent *int) error {
	limit := rate.NewLimiter(rate.Limit(o.Rate), max(1, int(o.Rate)))
	var to sender
	defer func() {
		if to != nil {
			to.Close()
		}
	}()
	var refused error
	for _, name := range names {
		messages, done, err := q.read(name)
		if err != nil {
			return err
		}
		for i, m := range messages {
			if err := limit.Wait(ctx); err != nil {
				return errors.Join(q.mark(name, done+i), fmt.Errorf("not all sent in time: %w", context.Cause(ctx)))
			}
			for try := 1; ; try++ {
				err = nil
				if to == nil {
					to, err = o.open(ctx, secrets)
				}
				if err == nil {
					one, cancel := context.WithTimeout(ctx, o.Timeout)
					err = to.send(one, m)
					cancel()
				}
				if err == nil {
					*sent++
					break
				}
				if errors.Is(err, errRefused) {
					refused = fmt.Errorf("message %s: %w", m.ID, err)
					break
				}
				if to != nil {
					to.Close()
					to = nil
				}
				if try == tries || ctx.Err() != nil {
					return errors.Join(q.mark(name, done+i), err)
				}
			}
			if (i+1)%markEvery == 0 {
				if err := q.mark(name, done+i+1); err != nil {
					return err
				}
			}
		}
		if err := q.finish(name); err != nil {
			return err
		}
	}
	return refused
}

// staleLock is how old a lock is whose owner has died.
const staleLock = 15 * time.Minute

// lock keeps two processes from sending the same batch.
func (q queue) lock() (unlock func(), err error) {
	path := filepath.Join(q.folder, ".lock")
	for range 2 {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			fmt.Fprintln(file, os.Getpid())
			file.Close()
			return func() { os.Remove(path) }, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		info, err := os.Stat(path)
		if err == nil && time.Since(info.ModTime()) < staleLock {
			return nil, fmt.Errorf("%s: another trueboot sends; where none does, remove the file", path)
		}
		os.Remove(path)
	}
	return nil, fmt.Errorf("%s: can't be taken", path)
}
