// Package sweep visits devices and judges what they say: one device, or many at once.
//
// The two halves of the work meet here and nowhere else. A visit turns a device into plain
// data (facts, gaps and the replies they came from); a judgement turns that data, the
// approved facts and the last visit's into findings. Neither needs the other's process: a
// saved capture is judged by the same code.
//
// A sweep keeps a ledger: every device that it was given ends as one [Result], whatever happens
// to the others.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"trueboot/baseline"
	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/platforms"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/inventory"
)

// A Session is a live session: it has to be closed.
type Session interface {
	collectors.Session
	// Warnings say what the connection lacks, though it is open. They may quote the device.
	Warnings() []string
	Close() error
}

// A Result is one device of a sweep: which, and what the visit taught. The visit's Run is empty.
type Result struct {
	Target inventory.Device
	history.Visit
	Transcript *capture.Transcript // what was said; nil where there was no session
	Approval   *baseline.Approval  // what it was judged against; nil where nothing is approved

	asked bool  // there is something to judge
	err   error // a store failed: without it no verdict can be trusted
}

// A Sweep visits devices. Its fields are set before Run and not changed after.
type Sweep struct {
	// Platform finds a platform by its token.
	Platform func(name string) (collectors.Platform, bool)
	// Open logs in. Its error is a *collectors.Failure where the reason is known.
	Open func(context.Context, inventory.Device, collectors.Platform) (Session, error)
	// OpenNETCONF logs in to a device's NETCONF server. The nonce is that of the visit's other session, empty where there is none.
	// Nil where no device is asked over NETCONF.
	OpenNETCONF func(ctx context.Context, d inventory.Device, nonce string) (Session, error)
	// Approved returns the approval of a device, nil where there is none.
	Approved func(device string) (*baseline.Approval, error)
	// Previous returns the facts of the device's last assessed visit, nil where there was none.
	Previous func(device string) (*facts.Set, error)
	// Known returns what is known about the images that a device stated; nil for nothing.
	Known func(facts.Set) (*baseline.KnownImages, error)
	// Decisions are what was decided for more than one device.
	Decisions baseline.Decisions
	// Pull fetches the images of each device; nil where they are not fetched.
	Pull *Pull
	// Advisories are what vendors and CISA publish; nil for nothing.
	Advisories *baseline.Advisories
	// Identify checks identities of trust anchors; nil where no roots were given.
	Identify compare.Identify
	// Secrets hides what configurations hold.
	Secrets *collectors.Secrets
	// Budget spares devices hashes; nil has every file hashed.
	Budget *Budget
	// Hash are names of files that are hashed where a device has them, besides those that can boot: the image that a plan is about.
	Hash []string
	// Begin is told when a device's turn comes, from several goroutines; nil for nobody.
	Begin func(device string)
	// Done gets each result, one at a time. Its error ends the sweep, as one of Approved or Previous does.
	Done func(Result) error

	Profile compare.Profile
	// Sessions is how many devices are visited at once; at least 1.
	Sessions int
	// Logins is how many logins are begun in a second; 0 for no limit.
	Logins float64
	// Until is when no visit is begun any more: those that are under way end as they do, and the rest are not visited. Zero for never.
	Until time.Time
	// Refusals is after how many refused logins in a row the sweep stops, so that it locks no account
	// out; 0 for never.
	Refusals int
}

// ErrLockout ends a sweep in which one device after another refused the login.
var ErrLockout = errors.New("too many logins refused in a row: the sweep stops before the account is locked; check the credentials with trueboot check on one device")

// Run visits the devices and hands every one's result to Done. Its error is the first of Done's or of a store's,
// ErrLockout or the context's. With the last two, the results of the devices that were not visited have been
// handed over too; with the others, there is nobody who could keep them.
func (s *Sweep) Run(ctx context.Context, devices []inventory.Device) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := rate.NewLimiter(rate.Inf, 1)
	if s.Logins > 0 {
		limit.SetLimit(rate.Limit(s.Logins))
	}
	queue := make(chan inventory.Device)
	visited, results := make(chan *Result), make(chan *Result)

	go func() {
		defer close(queue)
		for _, d := range devices {
			queue <- d
		}
	}()
	var visitors, judges sync.WaitGroup
	for range max(1, min(s.Sessions, len(devices))) {
		visitors.Go(func() {
			for d := range queue {
				visited <- s.one(ctx, limit, d)
			}
		})
	}
	// A judgement needs no session but three times the memory of a visit, so that there are no more of them at once than can
	// get on.
	for range max(1, min(s.Sessions, runtime.GOMAXPROCS(0))) {
		judges.Go(func() {
			for r := range visited {
				if r.asked {
					s.judge(r)
				}
				results <- r
			}
		})
	}
	go func() {
		visitors.Wait()
		close(visited)
		judges.Wait()
		close(results)
	}()

	var failed error
	refused := 0
	for r := range results { // to the end, whatever happens: the others wait for it
		if failed == nil {
			if failed = r.err; failed == nil {
				failed = s.Done(*r)
			}
			if failed != nil {
				cancel(failed)
			}
		}
		switch {
		case hasReason(r.Set, facts.LoginRefused):
			if refused++; refused == s.Refusals {
				cancel(ErrLockout)
			}
		case r.Outcome.Visited():
			refused = 0
		}
	}
	if failed != nil {
		return failed
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

func hasReason(s facts.Set, reason facts.Reason) bool {
	return slices.ContainsFunc(s.Gaps, func(g facts.Gap) bool { return g.Reason == reason })
}

// one visits a device.
func (s *Sweep) one(ctx context.Context, limit *rate.Limiter, d inventory.Device) (r *Result) {
	r = newResult(d, time.Now().UTC())
	defer r.survive()
	platform, ok := s.Platform(d.Platform)
	if !ok {
		r.Set = gapSet(r, facts.NotCollected, fmt.Errorf("platform %q is not known", d.Platform), nil)
		return r
	}
	if s.late() {
		r.Set = gapSet(r, facts.NotCollected, errLate, platform.Kinds())
		return r
	}
	if err := limit.Wait(ctx); err != nil || ctx.Err() != nil {
		r.Set = gapSet(r, facts.NotCollected, fmt.Errorf("not visited: %w", context.Cause(ctx)), platform.Kinds())
		return r
	}
	if s.late() { // while it waited for its turn
		r.Set = gapSet(r, facts.NotCollected, errLate, platform.Kinds())
		return r
	}
	if s.Begin != nil {
		s.Begin(d.Name)
	}
	r.Started = time.Now().UTC()
	s.visit(ctx, platform, r)
	r.Elapsed = time.Since(r.Started)
	r.asked = true
	return r
}

var errLate = errors.New("not visited: the time of the run was used up; the next one begins with this device")

func (s *Sweep) late() bool { return !s.Until.IsZero() && !time.Now().Before(s.Until) }

// survive, which is deferred, makes a panic this device's gap: nothing that a device does ends the program.
func (r *Result) survive() {
	if p := recover(); p != nil {
		r.Outcome = facts.AskedPart
		r.Set = gapSet(r, facts.ParseIncomplete, fmt.Errorf("internal error, please report it: %v\n%s", p, debug.Stack()), nil)
		r.Findings = nil
	}
}

// newResult is the result of a device whose turn has not come.
func newResult(d inventory.Device, now time.Time) *Result {
	return &Result{Target: d, Visit: history.Visit{
		Device: d.Name, Platform: d.Platform, Address: d.Address, Site: d.Site, Role: d.Role, Started: now, Outcome: facts.NotVisited,
	}}
}

// visit logs in, asks everything and takes it down, over one transport or over two, one after the other. A second one that can't
// be had leaves what the first one taught.
func (s *Sweep) visit(ctx context.Context, platform collectors.Platform, r *Result) {
	var (
		failed   *collectors.Failure // to open the first session
		missing  *facts.Gap          // the second session
		said     *capture.Transcript
		warnings []string
	)
	lean, err := s.Budget.lean(r.Device, r.Started)
	if err != nil {
		r.err = fmt.Errorf("history: %w", err)
		return
	}
	set := collectors.CollectEach(ctx, platform, func(ask func(collectors.Session) bool) {
		for _, transport := range Transports(r.Target) {
			nonce := ""
			if said != nil {
				nonce = said.Nonce
			}
			session, f := s.open(ctx, r.Target, platform, transport, nonce)
			switch {
			case f != nil && said == nil:
				failed = f
				return
			case f != nil:
				missing = &facts.Gap{Command: string(transport), Reason: f.Reason, Detail: f.Error(), Kinds: []facts.Kind{facts.Channel}}
				warnings = append(warnings, fmt.Sprintf("no %s session: %s", transport, f.Error()))
				return
			}
			recorder := capture.NewRecorder(collectors.Masked(session, s.Secrets))
			more := askAndClose(ask, recorder, session)
			warnings = append(warnings, session.Warnings()...)
			if said == nil {
				said = recorder.Transcript()
			} else {
				said.Add(recorder.Transcript())
			}
			if !more {
				return
			}
		}
	}, collectors.Wishes{Lean: lean, Hash: s.Hash})
	if failed != nil {
		r.Outcome = facts.NoSession
		r.Set = gapSet(r, failed.Reason, failed, platform.Kinds())
		return
	}
	r.Set, r.Warnings = set, warnings
	if missing != nil {
		r.Set.Gaps = append(r.Set.Gaps, *missing)
	}
	if s.Pull != nil {
		s.Pull.pull(ctx, platform, r, said)
	}
	r.taught(said)
}

// askAndClose hands a session on and closes it, also where a reader panics.
func askAndClose(ask func(collectors.Session) bool, recorder *capture.Recorder, session Session) bool {
	defer session.Close()
	return ask(recorder)
}

// Transports are those over which a device is asked, in their order.
func Transports(d inventory.Device) []collectors.Transport {
	switch d.Transport {
	case inventory.NETCONF:
		return []collectors.Transport{collectors.NETCONF}
	case inventory.Both:
		return []collectors.Transport{collectors.CLI, collectors.NETCONF}
	}
	return []collectors.Transport{collectors.CLI}
}

// open logs in over a transport.
func (s *Sweep) open(ctx context.Context, d inventory.Device, platform collectors.Platform, t collectors.Transport, nonce string) (Session, *collectors.Failure) {
	var session Session
	var err error
	switch {
	case t == collectors.CLI:
		session, err = s.Open(ctx, d, platform)
	case len(platform.Queries[t]) == 0 || s.OpenNETCONF == nil:
		err = &collectors.Failure{Reason: facts.NotCollected, Err: fmt.Errorf("nothing is asked of %s over %s; set transport: cli", platform.Name, t)}
	default:
		session, err = s.OpenNETCONF(ctx, d, nonce)
	}
	if err == nil {
		return session, nil
	}
	var f *collectors.Failure
	if !errors.As(err, &f) {
		f = &collectors.Failure{Reason: facts.Unreachable, Err: err}
	}
	return nil, f
}

// taught fills in what follows from a set and its transcript.
func (r *Result) taught(t *capture.Transcript) {
	t.Platform, t.Device, t.Time = r.Platform, r.Device, r.Started
	r.Set.Device, r.Set.Time = r.Device, r.Started
	r.Transcript, r.Nonce, r.Connection = t, t.Nonce, t.Facts
	r.Outcome = outcome(r.Set)
	r.Replies = slices.Grow(r.Replies, len(t.Exchanges))
	texts := make([]string, len(t.Exchanges))
	for i, e := range t.Exchanges {
		r.Replies = append(r.Replies, history.Reply{Command: e.Command, Text: e.Text, Time: e.Time, Elapsed: e.Elapsed, Reason: e.Reason, Error: e.Error})
		texts[i] = e.Text
	}
	if other := platforms.Resembles(r.Platform, texts); other != "" {
		r.Warnings = append(r.Warnings, fmt.Sprintf("this looks like %s and was asked as %s: what was not understood is not assessed", other, r.Platform))
	}
}

// outcome tells a visit that was cut short from one that was not.
func outcome(s facts.Set) facts.Outcome {
	for _, a := range s.Answers {
		switch a.Reason {
		case facts.SessionLost, facts.Timeout, facts.ReplyTooLarge:
			return facts.AskedPart
		}
	}
	return facts.AskedAll
}

// judge adds the findings.
func (s *Sweep) judge(r *Result) {
	defer r.survive()
	platform, _ := s.Platform(r.Platform)
	c := r.asCase(platform)
	c.Decisions, c.Identify, c.Advisories = s.Decisions, s.Identify, s.Advisories
	var err error
	if c.Approved, err = s.Approved(r.Device); err != nil {
		r.err = fmt.Errorf("baseline: %w", err)
		return
	}
	if c.Previous, err = s.Previous(r.Device); err != nil {
		r.err = fmt.Errorf("history: %w", err)
		return
	}
	if s.Known != nil {
		if c.Known, err = s.Known(r.Set); err != nil {
			r.err = fmt.Errorf("known images: %w", err)
			return
		}
	}
	r.approvedBy(c.Approved)
	r.Findings = compare.Judge(c, s.Profile)
}

// approvedBy notes what the visit is judged against.
func (r *Result) approvedBy(a *baseline.Approval) {
	if r.Approval = a; a != nil {
		r.Approved = a.Number
	}
}

// asCase is the part of a case that the visit and the inventory give.
func (r *Result) asCase(platform collectors.Platform) compare.Case {
	return compare.Case{Observed: r.Set, Now: time.Now().UTC(), Member: r.Member(), Order: platform.Order, VersionInName: platform.VersionInName}
}

// Member is the device as scopes see it.
func (r *Result) Member() baseline.Member {
	member := baseline.Member{Device: r.Device, Platform: r.Platform, Role: r.Target.Role, Site: r.Target.Site, Tags: r.Target.Tags}
	for _, f := range r.Set.Facts {
		if f.Kind == facts.Model && !slices.Contains(member.Models, f.Value) {
			member.Models = append(member.Models, f.Value)
		}
	}
	return member
}

// gapSet is the set of a device that said nothing: one gap that explains every missing fact.
func gapSet(r *Result, reason facts.Reason, err error, kinds []facts.Kind) facts.Set {
	return facts.Set{
		Device: r.Device, Platform: r.Platform, Time: r.Started,
		Gaps: []facts.Gap{{Reason: reason, Detail: err.Error(), Kinds: kinds}},
	}
}

// Expected is what a saved visit is judged by.
type Expected struct {
	Approved   *baseline.Approval
	Known      func(facts.Set) (*baseline.KnownImages, error) // nil for nothing
	Decisions  baseline.Decisions
	Identify   compare.Identify     // nil where no roots were given
	Advisories *baseline.Advisories // nil for nothing
	Profile    compare.Profile
}

// Replay judges a saved visit as if the device, of which the inventory may say where it stands, had just said it.
func Replay(ctx context.Context, platform collectors.Platform, t *capture.Transcript, device inventory.Device, by Expected) (Result, error) {
	device.Name, device.Platform = t.Device, platform.Name
	r := newResult(device, t.Time)
	r.Set = collectors.Collect(ctx, platform, t.Sessions()...)
	r.taught(t)
	r.approvedBy(by.Approved)
	c := r.asCase(platform)
	c.Approved, c.Decisions, c.Identify, c.Advisories = by.Approved, by.Decisions, by.Identify, by.Advisories
	if by.Known != nil {
		var err error
		if c.Known, err = by.Known(r.Set); err != nil {
			return *r, fmt.Errorf("known images: %w", err)
		}
	}
	r.Findings = compare.Judge(c, by.Profile)
	return *r, nil
}
