package collectors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"trueboot/facts"
)

// Collect asks p's queries over each session, in order, and returns what was
// learnt. It returns no error: a reply that is missing, refused or unreadable becomes a gap,
// and the next query is asked. Device and Time of the set are the caller's.
func Collect(ctx context.Context, p Platform, sessions ...Session) facts.Set {
	return CollectEach(ctx, p, slices.Values(sessions), Wishes{})
}

// usualFacts is room for what a router states. A set that grows from nothing is copied again and again.
const usualFacts = 192

// A Leaning says what a device need not hash again: given what this visit has learnt so far, it returns the facts of an earlier one that stand
// for the answer to a query about a file, nil where the file is to be hashed.
type Leaning func(set *facts.Set, q Query, file string) []facts.Fact

// Wishes are what a visit should ask besides, and what it may spare the device.
type Wishes struct {
	Lean Leaning  // nil has every file hashed
	Hash []string // names of files: where a listing shows one, it is hashed too, whether or not it can boot
}

// CollectEach is Collect for sessions of which each is opened when its turn comes: a device then has one session at a time.
func CollectEach(ctx context.Context, p Platform, sessions iter.Seq[Session], w Wishes) facts.Set {
	set := facts.Set{Platform: p.Name, Gaps: p.lacks()}
	var used []Transport
	for s := range sessions {
		used = append(used, s.Transport())
		set.Facts = append(slices.Grow(set.Facts, usualFacts), s.Facts()...)
		set.Answers = slices.Grow(set.Answers, len(p.Queries[s.Transport()]))
		v := visit{platform: p, session: s, transport: s.Transport(), set: &set, Wishes: w}
		for _, q := range p.Queries[s.Transport()] {
			v.ask(ctx, q)
		}
		v.settle(ctx)
	}
	set.Gaps = append(set.Gaps, p.unasked(used)...)
	return set
}

// unasked is the gap of what only the command line can tell, where it was not used.
func (p Platform) unasked(used []Transport) []facts.Gap {
	if len(used) == 0 || slices.Contains(used, CLI) {
		return nil
	}
	kinds := p.yields(CLI)
	for _, t := range used {
		maps.DeleteFunc(kinds, func(kind facts.Kind, _ bool) bool { return p.yields(t)[kind] })
	}
	if len(kinds) == 0 {
		return nil
	}
	return []facts.Gap{{Reason: facts.NotCollected, Detail: "only the command line tells, and this device is not asked over it", Kinds: slices.Sorted(maps.Keys(kinds))}}
}

// yields are the kinds that a full visit over the transport may learn.
func (p Platform) yields(t Transport) map[facts.Kind]bool {
	kinds := map[facts.Kind]bool{}
	for _, q := range p.Queries[t] {
		for _, kind := range q.Yields {
			kinds[kind] = true
		}
	}
	return kinds
}

// lacks are the gaps of what the platform can't state at all.
func (p Platform) lacks() []facts.Gap {
	var gaps []facts.Gap
	for _, kind := range slices.Sorted(maps.Keys(p.HasNone)) {
		detail := p.HasNone[kind]
		if i := slices.IndexFunc(gaps, func(g facts.Gap) bool { return g.Detail == detail }); i >= 0 {
			gaps[i].Kinds = append(gaps[i].Kinds, kind)
			continue
		}
		gaps = append(gaps, facts.Gap{Reason: facts.PlatformHasNone, Detail: detail, Kinds: []facts.Kind{kind}})
	}
	return gaps
}

// wanted are kinds that controls ask for and that not every platform is known to state.
var wanted = []facts.Kind{
	facts.ConfigurationSection, facts.RunningConfigLine, facts.StartupConfigLine, facts.GuestApplication, facts.Feature, facts.InstallOperation, facts.MemoryDigest,
	facts.IntegritySetting, facts.IntegrityCheck, facts.BootLoaderVariable, facts.StartupSource, facts.NextStartupSource, facts.SignedImageType, facts.Signer,
	facts.CertificateSerial, facts.Component, facts.Partition, facts.ConfigurationHash, facts.Process, facts.BootMeasurement,
}

// Completed names, in HasNone, what controls ask for and no query of the platform yields.
func (p Platform) Completed() Platform {
	p.HasNone = maps.Clone(p.HasNone)
	if p.HasNone == nil {
		p.HasNone = map[facts.Kind]string{}
	}
	cli, netconf := p.yields(CLI), p.yields(NETCONF)
	for _, kind := range wanted {
		if p.HasNone[kind] == "" && !cli[kind] && !netconf[kind] {
			p.HasNone[kind] = "no command of this platform is known that only reads and states it"
		}
	}
	return p
}

// A visit is the state of one session's round of questions.
type visit struct {
	platform  Platform
	session   Session
	transport Transport
	set       *facts.Set
	Wishes
	ended   *Failure // set when the session can answer no more
	answers []answer // whose replies were read

	// Of the reply that is at hand. They are used again because new ones for each cost more than its reading.
	stated map[statement]int
	bytes  []byte
}

// An answer is a reply that taught something: its place among the set's, and what it was asked for.
type answer struct {
	place  int
	yields []facts.Kind
}

// ask puts one query, once for each of its arguments.
func (v *visit) ask(ctx context.Context, q Query) {
	if q.Unless != nil {
		if why := q.Unless(*v.set); why != "" {
			v.gap(q, q.Commands[0], "", facts.PlatformHasNone, why)
			return
		}
	}
	arguments := []string{""}
	if q.Each != nil {
		arguments = q.Each(*v.set)
		if q.Hash && len(v.Hash) > 0 {
			arguments = append(arguments, v.wished(q, arguments)...)
		}
		if arguments == nil {
			v.gap(q, q.Commands[0], "", facts.NothingToAskFor, "no earlier reply named anything to put in its place")
			return
		}
	}
	spelling := 0 // what the device accepted for one argument it accepts for the next
	for _, argument := range arguments {
		if q.Hash && v.Lean != nil && argument != "" {
			if lent := v.Lean(v.set, q, argument); len(lent) > 0 {
				v.set.Facts = append(v.set.Facts, lent...)
				continue
			}
		}
		spelling = v.askAbout(ctx, q, argument, spelling)
	}
}

// wished are the files that a visit was asked to have hashed, as far as a listing shows them and the query does not ask about them anyway.
func (v *visit) wished(q Query, asked []string) []string {
	if names := placeholder.FindAllString(q.Commands[0], -1); len(names) != 1 || names[0] != "{file}" {
		return nil
	}
	var more []string
	for f := range v.set.All(facts.File) {
		name := f.Subject[strings.LastIndexAny(f.Subject, "/:")+1:]
		wanted := slices.ContainsFunc(v.Hash, func(wish string) bool { return strings.EqualFold(wish, name) })
		known := func(path string) bool { return facts.SamePath(path, f.Subject) }
		if wanted && !slices.ContainsFunc(asked, known) && !slices.ContainsFunc(more, known) {
			more = append(more, f.Subject)
		}
	}
	return more
}

// askAbout asks with the spellings from the given one on, until the device knows
// one, and returns which one that was.
func (v *visit) askAbout(ctx context.Context, q Query, argument string, spelling int) int {
	for {
		template := q.Commands[spelling]
		reason, detail := v.try(ctx, q, template, argument)
		unknown := reason == facts.UnsupportedCommand || reason == facts.NotCollected
		if unknown && spelling+1 < len(q.Commands) {
			spelling++
			continue
		}
		if reason != "" {
			v.gap(q, fill(template, argument), argument, reason, detail)
		}
		return spelling
	}
}

// try sends one command and reads its reply into the set. An empty reason means success.
func (v *visit) try(ctx context.Context, q Query, template, argument string) (facts.Reason, string) {
	if v.ended != nil {
		return v.ended.Reason, "not asked: " + v.ended.Error()
	}
	var arguments []string
	asked := ""
	for _, name := range placeholder.FindAllString(template, -1) {
		switch name {
		case "{nonce}":
			arguments = append(arguments, v.session.Nonce())
			asked = fill(template, argument)
		case "{number}":
			arguments = append(arguments, number(v.session.Nonce()))
			asked = fill(template, argument)
		default:
			arguments = append(arguments, argument)
		}
	}
	command, err := v.transport.command(template, q.Hash, arguments...)
	if err != nil {
		return facts.UnsafeArgument, err.Error()
	}

	reply, refusal, err := v.run(ctx, command)
	if refusal != nil && refusal.Reason == facts.Timeout {
		reply, refusal, err = v.run(ctx, command) // a state that passes: once more
	}
	if err != nil {
		f := failure(err)
		if f.Reason == facts.ParseIncomplete {
			v.takeBack()
		}
		v.answer(command, asked, reply, f.Reason)
		// A lost or timed-out session can't be trusted to be at a prompt again.
		if f.Reason != facts.NotCollected && f.Reason != facts.UnsupportedCommand {
			v.ended = f
		}
		return f.Reason, f.Error()
	}
	if refusal != nil {
		v.answer(command, asked, reply, refusal.Reason)
		return refusal.Reason, refusal.words
	}

	reason, detail := v.read(q, reply)
	v.answer(command, asked, reply, reason)
	if reason == "" {
		v.answers = append(v.answers, answer{len(v.set.Answers) - 1, q.Yields})
	}
	return reason, detail
}

// settle ends the round of questions. No later command tells whether the last reply was whole, so the session is asked.
func (v *visit) settle(ctx context.Context) {
	if v.ended != nil {
		return
	}
	if err := v.session.Settle(ctx); err != nil && failure(err).Reason == facts.ParseIncomplete {
		v.takeBack()
	}
}

// doubtful is how many of the last replies fall with the session's account of them. Where a device echoes what is typed
// while it still prints, the rest of one reply passes for the next one, and only the command after that shows it.
const doubtful = 2

// takeBack withdraws what the last replies taught: a session that fails with ParseIncomplete met output that it can't
// account for, and that may have been the rest of one of them.
func (v *visit) takeBack() {
	for n := 0; n < doubtful && len(v.answers) > 0; n++ {
		last := v.answers[len(v.answers)-1]
		v.answers = v.answers[:len(v.answers)-1]
		if last.place < len(v.set.Answers)-doubtful {
			return
		}
		a := &v.set.Answers[last.place]
		a.Reason = facts.ParseIncomplete
		v.set.Facts = slices.DeleteFunc(v.set.Facts, func(f facts.Fact) bool { return f.Command == a.Command })
		v.set.Gaps = append(v.set.Gaps, facts.Gap{
			Command: a.Question(), Reason: facts.ParseIncomplete, Detail: "more output came after what was taken for its end", Kinds: last.yields,
		})
	}
}

// read takes the reply apart into the set.
func (v *visit) read(q Query, reply Reply) (facts.Reason, string) {
	found, err := q.Read(reply)
	if err == nil {
		err = v.contradiction(found)
	}
	for _, f := range found {
		f.Command = reply.Command
		f.Tier = q.tier(v.transport)
		v.set.Facts = append(v.set.Facts, f)
	}
	if err != nil {
		return facts.ParseIncomplete, err.Error()
	}
	return "", ""
}

// ReadReply reads one reply that is at hand without its session. A refusal, or what was not
// understood, is a gap as it would be in a visit.
func (p Platform) ReadReply(t Transport, q Query, reply Reply) facts.Set {
	set := facts.Set{Platform: p.Name}
	v := visit{platform: p, set: &set, transport: t}
	reason, detail := facts.Reason(""), ""
	if refusal := v.refusal(reply); refusal != nil {
		reason, detail = refusal.Reason, refusal.words
	} else {
		reason, detail = v.read(q, reply)
	}
	if reason != "" {
		v.gap(q, reply.Command, "", reason, detail)
	}
	return set
}

// refusedWith is a refusal and the words in which the device put it.
type refusedWith struct {
	Refusal
	words string
}

func (v *visit) run(ctx context.Context, c Command) (Reply, *refusedWith, error) {
	reply, err := v.session.Run(ctx, c)
	reply.Command, reply.Text = c.String(), facts.WithoutPasswords(reply.Text)
	if c.ShowsConfiguration() {
		reply.Text = (*Secrets)(nil).Mask(reply.Text) // where nobody hid them under a key
	}
	if err != nil {
		// A command that failed may say why in words that the platform knows.
		if failure(err).Reason == facts.UnsupportedCommand {
			if refusal := v.refusal(reply); refusal != nil {
				return reply, refusal, nil
			}
		}
		return reply, nil, err
	}
	return reply, v.refusal(reply), nil
}

// refusal returns the error that the device replied with, nil where it answered.
func (v *visit) refusal(r Reply) *refusedWith {
	if v.transport == NETCONF {
		return rpcRefusal(r)
	}
	return v.platform.Terminal.refusal(r)
}

func (v *visit) answer(c Command, asked string, r Reply, reason facts.Reason) {
	v.bytes = append(v.bytes[:0], r.Text...)
	sum := sha256.Sum256(v.bytes)
	v.set.Answers = append(v.set.Answers, facts.Answer{
		Command: c.String(), Time: r.Time, Elapsed: r.Elapsed,
		Bytes: len(r.Text), Lines: strings.Count(r.Text, "\n"),
		SHA256: hex.EncodeToString(sum[:]), Reason: reason, Asked: asked,
	})
}

func (v *visit) gap(q Query, command, subject string, reason facts.Reason, detail string) {
	v.set.Gaps = append(v.set.Gaps, facts.Gap{Command: command, Subject: subject, Reason: reason, Detail: detail, Kinds: q.Yields})
}

// refusalLines is how far into a reply an error message is looked for: a progress line or
// a blank one may come before it.
const refusalLines = 4

func (t Terminal) refusal(r Reply) *refusedWith {
	seen := 0
	for _, line := range r.Lines() {
		if strings.TrimSpace(line) == "" {
			continue
		}
		for _, refusal := range t.Refusals {
			if refusal.Pattern.MatchString(line) {
				return &refusedWith{refusal, strings.TrimSpace(line)}
			}
		}
		if seen++; seen == refusalLines {
			break
		}
	}
	return nil
}

func failure(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Failure{facts.Timeout, err}
	}
	return &Failure{facts.SessionLost, err}
}

// A statement is what a reply says one value of.
type statement struct {
	kind               facts.Kind
	subject, algorithm string
}

// contradiction reports two values for one fact in the same reply: it must not
// be that the first one wins.
func (v *visit) contradiction(found []facts.Fact) error {
	if v.stated == nil {
		v.stated = make(map[statement]int, len(found))
	}
	clear(v.stated)
	for i, f := range found {
		s := statement{kind: f.Kind, subject: f.Subject}
		switch f.Kind {
		case facts.ImageDigest, facts.EmbeddedDigest, facts.ComputedDigest, facts.PublishedDigest, facts.ContentDigest, facts.PulledDigest: // one for each algorithm
			s.algorithm, _, _ = strings.Cut(f.Value, ":")
		}
		if at, ok := v.stated[s]; !ok {
			v.stated[s] = i
		} else if first := found[at]; first.Value != f.Value {
			return fmt.Errorf("two values for %s %q: %q in line %d and %q in line %d", f.Kind, f.Subject, first.Value, first.Line, f.Value, f.Line)
		}
	}
	return nil
}

func (q Query) tier(t Transport) facts.Tier {
	switch {
	case q.Tier != "":
		return q.Tier
	case t == NETCONF:
		return facts.E1
	}
	return facts.E0
}

func fill(template, argument string) string {
	if argument == "" {
		return template
	}
	return placeholder.ReplaceAllStringFunc(template, func(name string) string {
		if name == "{nonce}" || name == "{number}" {
			return name
		}
		return argument
	})
}

// number is a session's nonce as a number of 63 bits, for commands that take no other.
func number(nonce string) string {
	n, err := strconv.ParseUint(nonce[:min(16, len(nonce))], 16, 64)
	if err != nil {
		return "1" // no session has such a nonce
	}
	return strconv.FormatUint(n>>1|1, 10)
}

// A Step is a command that a visit may type.
type Step struct {
	Command string // with its arguments, or with its placeholder in braces where none is known
	If      string // when it is typed; empty for always
	File    string // which file it has the device read whole; empty for none, or where none is known yet
}

// Plan lists what a visit would type over the transport, given what an earlier one learnt; set may be nil.
func (p Platform) Plan(t Transport, set *facts.Set) []Step {
	var all []Step
	add := func(command, when string) { all = append(all, Step{Command: command, If: when}) }
	ask := func(q Query, argument string) {
		add(fill(q.Commands[0], argument), "")
		if q.Hash {
			all[len(all)-1].File = argument
		}
		for _, other := range q.Commands[1:] {
			add(fill(other, argument), "the one before is unknown")
		}
	}
	if t == CLI {
		for _, command := range p.Terminal.before() {
			when := ""
			if command == p.Terminal.Enable {
				when = "the login does not give the privileges"
			}
			add(command, when)
		}
	}
	for _, q := range p.Queries[t] {
		switch {
		case set != nil && q.Unless != nil && q.Unless(*set) != "":
		case set == nil || q.Each == nil:
			ask(q, "")
		default:
			for _, argument := range q.Each(*set) {
				ask(q, argument)
			}
		}
	}
	if t == CLI {
		for _, command := range p.Terminal.after() {
			add(command, "")
		}
	}
	if t == NETCONF && len(all) > 0 {
		add(CloseSession, "")
	}
	return all
}

// Kinds lists every kind that a visit may learn, and the host key: what is missing when there is no visit.
func (p Platform) Kinds() []facts.Kind {
	kinds := map[facts.Kind]bool{facts.HostKey: true}
	for t := range p.Queries {
		maps.Copy(kinds, p.yields(t))
	}
	return slices.Sorted(maps.Keys(kinds))
}

// Reader finds the query that reads the replies to a command, for a reply that is at hand
// as a file. The command may be complete ("dir flash:") or without its arguments ("dir"); a NETCONF operation may be
// complete too ("<file-list><path>/var/tmp</path></file-list>") or be called by its name ("netconf file-list").
func (p Platform) Reader(t Transport, command string) (Query, bool) {
	if t == NETCONF {
		return p.rpcReader(command)
	}
	words := strings.Fields(command)
	for _, complete := range []bool{true, false} {
		for _, q := range p.Queries[t] {
			for _, template := range q.Commands {
				if matches(strings.Fields(placeholder.ReplaceAllString(template, anyWord)), words, complete) {
					return q, true
				}
			}
		}
	}
	return Query{}, false
}

// anyWord stands for an argument.
const anyWord = "{}"

// matches compares a command's words with a template's. Unless the command is complete, its
// arguments are all missing.
func matches(template, words []string, complete bool) bool {
	if !complete {
		template = slices.DeleteFunc(slices.Clone(template), func(word string) bool { return word == anyWord })
	}
	return slices.EqualFunc(template, words, func(t, w string) bool { return t == anyWord || t == w })
}
