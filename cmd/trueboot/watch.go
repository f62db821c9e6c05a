package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"trueboot/alerts"
	"trueboot/alerts/chain"
	"trueboot/alerts/classify"
	"trueboot/alerts/incidents"
	"trueboot/alerts/sigma"
	"trueboot/baseline/boltfile"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/syslog"
	"trueboot/syslog/envelope"
	"trueboot/syslog/receive"
)

type watchFlags struct {
	passiveFlags
	udp, tcp, tls, follow []string
	certificates          receive.Certificates
	noVisits              bool
	perHour               int
	format                string
	live                  liveFlags
}

func (p *program) watchCommand() *cobra.Command {
	var f watchFlags
	c := &cobra.Command{
		Use:   "watch",
		Short: "receive syslog and other feeds: alerts, and visits that answer them",
		Long: `Receive what devices, accounting servers, transfer servers, sensors and hosts write, or follow their files, and print alerts as they come about and change.
What "trueboot detect --help" says of formats and rules holds here too.

An alert of medium severity or above, and any boot or version that nothing explains, asks for a visit of its device: at most one each half hour, two minutes after a
boot at the earliest. What the visit found is attached to the alert: unchanged, changed and known, changed and unknown, or not assessed.

Alerts are kept in alerts.db ("trueboot alerts"). What was received and not yet dealt with is kept in the folder watch of the store, so that a restart loses nothing.
SIGHUP reads rules and context anew; where they have errors, the old ones stay. SIGTERM ends it gracefully.

Whoever can send a datagram can write anything into it: which device a line is of is decided by the address that it came from and by the inventory.`,
		Example: `  trueboot watch --udp :514 --tcp :601 --tls :6514 \
    --tls-certificate cert.pem --tls-key key.pem
  trueboot watch --follow /var/log/network.log --format json`,
		Args:        takes("", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.watch(c.Context(), f)
		},
	}
	flags := c.Flags()
	flags.StringSliceVar(&f.udp, "udp", nil, "`address` to receive datagrams at, such as :514")
	flags.StringSliceVar(&f.tcp, "tcp", nil, "`address` to receive streams at, such as :601")
	flags.StringSliceVar(&f.tls, "tls", nil, "`address` to receive secured streams at, such as :6514")
	flags.StringVar(&f.certificates.Certificate, "tls-certificate", "", "`file` with the certificate for --tls; it is read again when it changes")
	flags.StringVar(&f.certificates.Key, "tls-key", "", "`file` with its key")
	flags.StringVar(&f.certificates.Clients, "tls-clients", "", "`file` of authorities: only clients with a certificate of theirs are let in")
	flags.StringSliceVar(&f.follow, "follow", nil, "`file` to follow as it grows, through rotation")
	flags.BoolVar(&f.noVisits, "no-visits", false, "ask no device")
	flags.IntVar(&f.perHour, "visits-per-hour", 60, "most visits of all devices in an hour, as a `number`")
	registerFormat(flags, &f.format)
	f.register(c)
	f.live.register(flags)
	p.settings.registerInventory(flags)
	p.settings.registerStore(flags)
	p.settings.registerSigners(flags)
	return c
}

// The paces of a watcher.
const (
	queueRoom   = 1 << 16
	spoolRoom   = 256 << 20
	everySecond = time.Second
	advance     = 30 * time.Second
	saveState   = time.Minute
	tellCounts  = time.Hour
)

// A watcher is the state of one call. All of it but the queue belongs to one goroutine.
type watcher struct {
	p     *program
	f     watchFlags
	names *directory

	engine     *classify.Engine
	correlator *chain.Correlator
	counters   *sigma.Counters
	joiner     envelope.Joiner
	gaps       *chain.Gaps
	visits     *chain.Visits
	queue      *receive.Queue
	spool      *receive.Spool
	alerts     map[string]alerts.Alert   // the latest state of each as the correlator made it, without answers
	given      map[string][]chain.Answer // what visits said, by the id of the alert
	pending    []alerts.Alert            // not yet in alerts.db
	since      time.Time                 // it has been listening from then on, but for a restart

	positions struct {
		sync.Mutex
		of map[string]receive.Position
	}
	answers  chan visitAnswer
	visiting bool
	sweeps   sweepsSeen
	dropped  uint64
	complain map[string]time.Time // what was said when, so that a full disk does not fill the log
}

// A state is what a restart takes over.
type state struct {
	Saved     time.Time                   `json:"saved"`
	Since     time.Time                   `json:"since"` // of listening
	Chain     chain.Snapshot              `json:"chain"`
	Positions map[string]receive.Position `json:"positions"`
	Alerts    map[string]alerts.Alert     `json:"alerts"`
	Answers   map[string][]chain.Answer   `json:"answers"`
	Visits    chain.VisitsState           `json:"visits"`
	Gaps      chain.GapsState             `json:"gaps"`
	Run       uint64                      `json:"run"` // the last one of the history whose changes were looked at
}

// restart is how long a watcher may be away so that it counts as listening all the time.
const restart = 5 * time.Minute

func (w *watcher) folder() string    { return filepath.Join(w.p.settings.store, "watch") }
func (w *watcher) statePath() string { return filepath.Join(w.folder(), "state.json") }

func (p *program) watch(ctx context.Context, f watchFlags) error {
	if err := errors.Join(checkFormat(f.format), f.live.check()); err != nil {
		return err
	}
	if len(f.udp)+len(f.tcp)+len(f.tls)+len(f.follow) == 0 {
		return usage("nothing to watch: name an address with --udp, --tcp or --tls, or a file with --follow")
	}
	if len(f.tls) > 0 && (f.certificates.Certificate == "" || f.certificates.Key == "") {
		return usage("--tls needs --tls-certificate and --tls-key")
	}
	w := &watcher{p: p, f: f, queue: receive.NewQueue(queueRoom), gaps: chain.NewGaps(), visits: chain.NewVisits(chain.Pace{PerHour: f.perHour}), alerts: map[string]alerts.Alert{},
		given: map[string][]chain.Answer{}, answers: make(chan visitAnswer, 1), sweeps: sweepsSeen{found: make(chan sweepChanges, 1)}, complain: map[string]time.Time{}, since: time.Now()}
	w.positions.of = map[string]receive.Position{}
	var err error
	if w.names, _, err = p.readDirectory(); err != nil {
		return err
	}
	w.joiner = syslog.NewJoiner(w.names.isDevice)
	if err := w.load(); err != nil {
		return err
	}
	if err := w.restore(); err != nil {
		return err
	}
	return w.run(ctx)
}

// load reads rules and context; the correlator keeps what it knows.
func (w *watcher) load() error {
	rules, err := loadRules(w.f.rules)
	if err != nil {
		return err
	}
	context, err := loadContext(w.f.context)
	if err != nil {
		return err
	}
	approved, err := w.p.approvedFiles()
	if err != nil {
		return err
	}
	last := w.lastSeen()
	config := w.names.newChainConfig(context, last, approved, w.p.plannedWindows())
	counts := classify.Counts{}
	if w.engine != nil {
		counts = w.engine.Counts
	}
	w.engine = w.names.newEngine(rules)
	w.engine.Counts = counts
	w.counters = sigma.NewCounters(rules)
	correlator := chain.New(config)
	if w.correlator != nil {
		if err := correlator.Restore(w.correlator.Snapshot()); err != nil {
			return err
		}
	}
	w.correlator = correlator
	return nil
}

// lastSeen tells what a device stated when it was last visited. The history is open for a moment only, and what it said is kept for a while.
func (w *watcher) lastSeen() func(string) (*facts.Set, error) {
	type seen struct {
		set *facts.Set
		at  time.Time
	}
	cache := map[string]seen{}
	var locked time.Time // when the history was last found in use: to wait for it holds everything up
	const fresh, most, retry = 10 * time.Minute, 10_000, 5 * time.Minute
	return func(device string) (*facts.Set, error) {
		s, ok := cache[device]
		if ok && time.Since(s.at) < fresh || w.visiting || time.Since(locked) < retry {
			return s.set, nil
		}
		kept, err := history.OpenReadOnly(w.p.settings.historyPath())
		if err != nil {
			locked = time.Now()
			return s.set, nil
		}
		defer kept.Close()
		set, err := kept.LastSet(device)
		if err != nil {
			return nil, err
		}
		if len(cache) >= most {
			clear(cache)
		}
		cache[device] = seen{set, time.Now()}
		return set, nil
	}
}

// restore takes over what an earlier watcher left: its state, and the messages that it had taken and not dealt with.
func (w *watcher) restore() error {
	if err := os.MkdirAll(w.folder(), 0o700); err != nil {
		return err
	}
	text, err := os.ReadFile(w.statePath())
	if err == nil {
		var s state
		if err = json.Unmarshal(text, &s); err == nil {
			err = w.correlator.Restore(s.Chain)
		}
		if err != nil {
			w.p.say("%s: %v; what was known of earlier events is lost", w.statePath(), err)
		} else {
			now := time.Now()
			maps.Copy(w.positions.of, s.Positions)
			maps.Copy(w.alerts, s.Alerts)
			maps.Copy(w.given, s.Answers)
			w.visits.Restore(s.Visits)
			w.gaps.Restore(s.Gaps, now)
			w.sweeps.last = s.Run
			if now.Sub(s.Saved) < restart && !s.Since.IsZero() {
				w.since = s.Since
			}
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	replayed := 0
	w.spool, err = receive.OpenSpool(filepath.Join(w.folder(), "spool"), spoolRoom, func(m receive.Message) error {
		replayed++
		w.take(m)
		return nil
	})
	if replayed > 0 {
		w.p.say("%d messages that an earlier watch had taken were dealt with", replayed)
	}
	return err
}

// save keeps the state, and clears the spool once that is on the disk.
func (w *watcher) save() {
	w.positions.Lock()
	now := time.Now()
	s := state{
		Saved: now, Since: w.since, Chain: w.correlator.Snapshot(), Positions: maps.Clone(w.positions.of), Alerts: w.alerts, Answers: w.given, Visits: w.visits.State(now),
		Gaps: w.gaps.State(), Run: w.sweeps.last,
	}
	w.positions.Unlock()
	text, err := json.Marshal(s)
	if err == nil {
		err = writeWhole(w.statePath(), text)
	}
	if err == nil && len(w.pending) == 0 {
		err = w.spool.Clear()
	}
	if err != nil {
		w.say("state", "the state could not be kept, and stays in the spool: %v", err)
	}
}

// writeWhole writes a file so that it is the old one or the new one, and never a part.
func writeWhole(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// say complains, of one kind no more than once a minute.
func (w *watcher) say(kind, format string, arguments ...any) {
	if now := time.Now(); now.Sub(w.complain[kind]) >= time.Minute {
		w.complain[kind] = now
		w.p.say(format, arguments...)
	}
}

// run receives until the context ends.
func (w *watcher) run(ctx context.Context) error {
	signal.Ignore(syscall.SIGHUP) // it does not end this command
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)

	var listeners []*receive.Listener
	var followers sync.WaitGroup
	following, stopFollowing := context.WithCancel(ctx)
	closeAll := func() error {
		stopFollowing()
		var failed []error
		for _, l := range listeners {
			failed = append(failed, l.Close())
		}
		followers.Wait()
		return errors.Join(failed...)
	}
	open := func(kind string, addresses []string, listen func(string) (*receive.Listener, error)) error {
		for _, address := range addresses {
			l, err := listen(address)
			if err != nil {
				return fmt.Errorf("--%s %s: %w", kind, address, err)
			}
			listeners = append(listeners, l)
			w.p.say("receiving at %s://%s", kind, l.Address)
		}
		return nil
	}
	err := open("udp", w.f.udp, func(a string) (*receive.Listener, error) { return receive.UDP(a, w.queue) })
	if err == nil {
		err = open("tcp", w.f.tcp, func(a string) (*receive.Listener, error) { return receive.TCP(a, nil, w.queue) })
	}
	if err == nil && len(w.f.tls) > 0 {
		config, configErr := w.f.certificates.Config()
		if err = configErr; err == nil {
			err = open("tls", w.f.tls, func(a string) (*receive.Listener, error) { return receive.TCP(a, config, w.queue) })
		}
	}
	if err != nil {
		return errors.Join(err, closeAll(), w.spool.Close())
	}
	for _, path := range w.f.follow {
		w.positions.Lock()
		from := w.positions.of[path]
		w.positions.Unlock()
		followers.Go(func() {
			if err := receive.Follow(following, path, from, w.queue, func(at receive.Position) {
				w.positions.Lock()
				defer w.positions.Unlock()
				w.positions.of[path] = at
			}); err != nil {
				w.p.say("%s is followed no more: %v", path, err)
			}
		})
		w.p.say("following %s", path)
	}

	tick := time.NewTicker(everySecond)
	defer tick.Stop()
	advanced, saved, told := time.Now(), time.Now(), time.Now()
	for done := false; !done; {
		select {
		case m := <-w.queue.Messages():
			w.receive(m)
		case <-tick.C:
			now := time.Now()
			w.joiner.Flush(now, w.classify)
			if now.Sub(advanced) >= advance {
				advanced = now
				w.tell(w.correlator.Advance(now))
				w.silence(now)
			}
			w.floods(now)
			w.keep()
			w.visitNext(ctx, now)
			w.lookAtSweeps(ctx, now)
			if err := w.spool.Sync(); err != nil {
				w.say("spool", "the spool could not be written: %v", err)
			}
			if now.Sub(saved) >= saveState {
				saved = now
				w.save()
			}
			if now.Sub(told) >= tellCounts {
				told = now
				w.sayCounts()
			}
		case a := <-w.answers:
			w.answered(a)
		case found := <-w.sweeps.found:
			w.unannounced(found)
		case <-hangup:
			if err := w.load(); err != nil {
				w.p.say("the old rules stay: %v", err)
			} else {
				w.p.say("rules and context were read anew")
			}
		case <-ctx.Done():
			done = true
		}
	}
	err = closeAll()
	for drained := false; !drained; {
		select {
		case m := <-w.queue.Messages():
			w.receive(m)
		default:
			drained = true
		}
	}
	if w.visiting {
		w.answered(<-w.answers)
	}
	if w.sweeps.looking {
		w.unannounced(<-w.sweeps.found)
	}
	w.joiner.Flush(time.Time{}, w.classify)
	w.keep()
	w.save()
	w.sayCounts()
	return errors.Join(err, w.spool.Close())
}

// receive takes a message that has just come.
func (w *watcher) receive(m receive.Message) {
	w.listen(&m)
	if !w.engine.Wanted(m.Text) {
		w.engine.Counts.Lines++
		w.engine.Counts.Skipped++
		return
	}
	if err := w.spool.Append(m); err != nil {
		w.say("spool", "a message is not in the spool, and would be lost if the program ended now: %v", err)
	}
	w.take(m)
}

// take deals with a message that is wanted.
func (w *watcher) take(m receive.Message) {
	for _, part := range syslog.Split(m.Text) {
		w.joiner.Add(syslog.Parse(part, alerts.Record{Received: m.At, Peer: m.Peer, Cut: m.Cut, Origin: alerts.Origin{Source: m.Source, Line: m.Number}}), w.classify)
	}
}

func (w *watcher) classify(r alerts.Record) {
	for _, e := range w.engine.Classify(&r) {
		w.tell(w.correlator.Add(e))
		w.tell(w.counters.Add(&e))
	}
}

// listen notes the number and the kind of a message, and what is missing before it. Only devices of the inventory are listened to.
func (w *watcher) listen(m *receive.Message) {
	device, ok := w.names.byAddress[m.Peer.Unmap().String()]
	if !ok {
		return
	}
	r := alerts.Record{Received: m.At, Peer: m.Peer}
	if len(m.Text) > 0 && m.Text[0] == '<' {
		r = syslog.Parse(m.Text[:min(len(m.Text), 200)], r)
	}
	id := cmp.Or(r.Fields.Get(alerts.Mnemonic), r.Fields.Get(alerts.EventID), r.Fields.Get(alerts.Name))
	if e, gap := w.gaps.Heard(chain.Heard{
		Device: device.Name, Platform: device.Platform, Known: true, Sequence: r.Sequence, ID: id, At: m.At, Origin: alerts.Origin{Source: m.Source, Line: m.Number},
	}); gap {
		w.tell(w.correlator.Add(e))
	}
}

func (w *watcher) silence(now time.Time) {
	for _, e := range w.gaps.Missing(now, func(device string) string { return w.names.byName[device].Platform }) {
		w.tell(w.correlator.Add(e))
	}
}

// floods tells of messages that there was no room for: an attacker may drown what he does.
func (w *watcher) floods(now time.Time) {
	dropped := w.queue.Counters.Dropped.Load()
	if dropped == w.dropped {
		return
	}
	lost := dropped - w.dropped
	w.dropped = dropped
	w.tell([]alerts.Alert{{
		ID: "flood-" + now.UTC().Format("2006-01-02T15"), Time: now.UTC(), Device: "this program", Chain: "flood", Title: "More messages came than could be taken", Severity: alerts.SeverityMedium, Score: 3,
		Attack: []string{"T1562"}, Why: []alerts.Why{{Points: 3, Reason: fmt.Sprintf("%d messages were dropped; %d in all", lost, dropped)}},
	}})
}

// tell prints alerts, and sees to what follows from them.
func (w *watcher) tell(all []alerts.Alert) {
	for _, a := range all {
		asked := false
		if !w.f.noVisits {
			a.Answers = chain.Confirm(a, w.given[a.ID]).Answers // of a fleet, who has answered is not asked again
			asked = w.visits.Ask(a, w.inInventory, time.Now())
			a.Answers = nil
		}
		w.remember(a, asked)
		if asked {
			w.p.say("%s: alert %s asks for a visit", a.Device, a.ID)
		}
	}
}

func (w *watcher) inInventory(device string) bool {
	_, known := w.names.byName[lowerASCII(device)]
	return known
}

// mostRemembered bounds the alerts whose state is kept to attach an answer to.
const mostRemembered = 10_000

// remember keeps an alert as the correlator made it, and shows it with what visits said.
func (w *watcher) remember(a alerts.Alert, asked bool) {
	if len(w.alerts) >= mostRemembered {
		oldest := slices.SortedFunc(maps.Values(w.alerts), func(a, b alerts.Alert) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) })
		for _, old := range oldest[:mostRemembered/10] {
			delete(w.alerts, old.ID)
			delete(w.given, old.ID)
		}
	}
	w.alerts[a.ID] = a
	shown := chain.Confirm(a, w.given[a.ID])
	if asked && shown.Confirmed == alerts.NotAsked {
		shown.Confirmed = alerts.Asked
	}
	w.pending = append(w.pending, shown)
	w.print(shown)
}

func (w *watcher) print(a alerts.Alert) {
	out := bufio.NewWriter(w.p.stdout)
	err := writeAlert(out, a, w.f.format)
	if err = errors.Join(err, out.Flush()); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		w.say("output", "alerts can't be printed, and are kept: %v", err)
	}
}

// keep puts alerts into alerts.db. It is open for a moment only; where somebody else has it, they wait.
func (w *watcher) keep() {
	if len(w.pending) == 0 {
		return
	}
	store, err := incidents.Open(w.p.settings.alertsPath())
	if err == nil {
		err = errors.Join(store.Put(w.pending), store.Close())
	}
	switch {
	case err == nil:
		w.pending = nil
	case errors.Is(err, boltfile.ErrLocked):
	default:
		w.say("alerts", "alerts could not be kept, and wait: %v", err)
	}
}

func (w *watcher) sayCounts() {
	c, q := w.engine.Counts, &w.queue.Counters
	w.p.say("%d messages received: %d classed, %d passed over, %d of no known format, %d cut, %d dropped; %d connections, %d refused, %d ended for their framing, %d handshakes failed; %d visits wait; %d events had no room, %d messages none in the spool",
		q.Received.Load(), c.Classed, c.Skipped, c.Unknown, q.Cut.Load(), q.Dropped.Load(), q.Connections.Load(), q.Refused.Load(), q.Framing.Load(), q.Handshakes.Load(), w.visits.Waiting(), w.correlator.Dropped, w.spool.Lost)
}
