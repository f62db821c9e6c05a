package envelope

import (
	"container/list"
	"time"

	"trueboot/alerts"
)

// stampHold is how much older than the newest stamp a waiting record may be. It is longer than any hold by arrival, since the clocks of
// several senders differ.
const stampHold = time.Minute

// Waiting holds, for a [Joiner], what waits for more: a value for each key, the oldest first. The zero value is not usable: Bound and Hold
// must be set.
type Waiting[T any] struct {
	Bound int           // how many values; the oldest makes room
	Hold  time.Duration // how long one waits from its arrival

	by    map[string]*list.Element
	order list.List
}

type waiting[T any] struct {
	key             string
	value           T
	received, stamp time.Time
}

// Len is the number of values that wait.
func (w *Waiting[T]) Len() int { return w.order.Len() }

// Get is the value that waits under a key. It goes on waiting.
func (w *Waiting[T]) Get(key string) (value T, ok bool) {
	e, ok := w.by[key]
	if !ok {
		return value, false
	}
	return e.Value.(*waiting[T]).value, true
}

// Take is the value that waits under a key, which does so no longer.
func (w *Waiting[T]) Take(key string) (value T, ok bool) {
	e, ok := w.by[key]
	if !ok {
		return value, false
	}
	return w.remove(e), true
}

// Put lets a value wait from the time of that record. What waited under the key until now, and what there is no room for, is released.
func (w *Waiting[T]) Put(key string, r *alerts.Record, value T, release func(T)) {
	if w.by == nil {
		w.by = map[string]*list.Element{}
	}
	if e, has := w.by[key]; has {
		release(w.remove(e))
	}
	for w.order.Len() >= w.Bound {
		release(w.remove(w.order.Front()))
	}
	w.by[key] = w.order.PushBack(&waiting[T]{key, value, r.Received, r.When()})
}

// Advance releases what is more than a minute older than that stamp.
func (w *Waiting[T]) Advance(stamp time.Time, release func(T)) {
	for e := w.order.Front(); e != nil && age(e.Value.(*waiting[T]).stamp, stamp) > stampHold; e = w.order.Front() {
		release(w.remove(e))
	}
}

// age is how long before a stamp another one was. The year of a stamp may be a guess, and wrong for a file of years ago, while the next
// line states its own; so the year has no say.
func age(then, stamp time.Time) time.Duration {
	then, stamp = then.UTC(), stamp.UTC()
	if then.Year() != stamp.Year() {
		stamp = stamp.AddDate(then.Year()-stamp.Year(), 0, 0)
		const half = 182 * 24 * time.Hour
		switch {
		case then.Sub(stamp) > half:
			stamp = stamp.AddDate(1, 0, 0)
		case stamp.Sub(then) > half:
			stamp = stamp.AddDate(-1, 0, 0)
		}
	}
	return stamp.Sub(then)
}

// Flush releases what has waited for its time at now, and everything when now is zero.
func (w *Waiting[T]) Flush(now time.Time, release func(T)) {
	for e := w.order.Front(); e != nil && (now.IsZero() || now.Sub(e.Value.(*waiting[T]).received) >= w.Hold); e = w.order.Front() {
		release(w.remove(e))
	}
}

func (w *Waiting[T]) remove(e *list.Element) T {
	v := w.order.Remove(e).(*waiting[T])
	delete(w.by, v.key)
	return v.value
}
