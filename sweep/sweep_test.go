package sweep

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"trueboot/baseline"
	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/collectors/platforms"
	"trueboot/collectors/session"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/inventory"
)

// captures are the captures of all platforms in testdata, by their place there.
func captures(t *testing.T) map[string]*capture.Transcript {
	t.Helper()
	folders, err := filepath.Glob("../testdata/*/*/manifest.json")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	all := map[string]*capture.Transcript{}
	for _, f := range folders {
		transcript, err := capture.Load(filepath.Dir(f))
		if err != nil {
			t.Fatal(err)
		}
		all[path.Join(transcript.Platform, filepath.Base(filepath.Dir(f)))] = transcript
	}
	return all
}

func core(t testing.TB) compare.Profile {
	t.Helper()
	profile, ok := compare.BuiltInProfile("core")
	if !ok {
		t.Fatal("no profile core")
	}
	return profile
}

// nothing is what no store knows.
func nothing(s Sweep) Sweep {
	s.Platform = platforms.ByName
	if s.Approved == nil {
		s.Approved = func(string) (*baseline.Approval, error) { return nil, nil }
	}
	if s.Previous == nil {
		s.Previous = func(string) (*facts.Set, error) { return nil, nil }
	}
	return s
}

// TestLiveEqualsReplay visits every capture as a device over SSH, and replays what was recorded then: facts, gaps and
// findings are the same, and the facts are those of the capture itself.
// replay judges a capture without a baseline.
func replay(t testing.TB, platform collectors.Platform, transcript *capture.Transcript) Result {
	t.Helper()
	r, err := Replay(t.Context(), platform, transcript, inventory.Device{}, Expected{Profile: core(t)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLiveEqualsReplay(t *testing.T) {
	for name, transcript := range captures(t) {
		t.Run(name, func(t *testing.T) {
			server, err := emulator.Start(emulator.Device{Hostname: transcript.Device, Transcript: transcript, Password: "pw", StartPrivileged: true})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			dialer, err := session.NewDialer(session.Options{Pins: filepath.Join(t.TempDir(), "pins")})
			if err != nil {
				t.Fatal(err)
			}
			defer dialer.Close()
			t.Setenv("SWEEP_PASSWORD", "pw")
			host, port, err := net.SplitHostPort(server.Addr())
			if err != nil {
				t.Fatal(err)
			}
			number, err := strconv.Atoi(port)
			if err != nil {
				t.Fatal(err)
			}
			device := inventory.Device{Name: transcript.Device, Address: host, Port: number, Platform: transcript.Platform, Username: "u", Password: "env:SWEEP_PASSWORD"}
			if len(transcript.Sessions()) > 1 {
				device.Transport, device.NETCONFPort = inventory.Both, number
			}

			var live Result
			s := nothing(Sweep{
				Open: func(ctx context.Context, d inventory.Device, p collectors.Platform) (Session, error) {
					return dialer.Open(ctx, d, p.Terminal)
				},
				OpenNETCONF: func(ctx context.Context, d inventory.Device, nonce string) (Session, error) {
					return dialer.OpenNETCONF(ctx, d, nonce)
				},
				Done: func(r Result) error { live = r; return nil }, Profile: core(t),
			})
			if err := s.Run(t.Context(), []inventory.Device{device}); err != nil {
				t.Fatal(err)
			}
			if live.Outcome != facts.AskedAll {
				t.Fatalf("outcome %s: %+v", live.Outcome, live.Set.Gaps)
			}

			platform, _ := platforms.ByName(transcript.Platform)
			folder := filepath.Join(t.TempDir(), "capture")
			if err := live.Transcript.Save(folder); err != nil {
				t.Fatal(err)
			}
			recorded, err := capture.Load(folder)
			if err != nil {
				t.Fatal(err)
			}
			again := replay(t, platform, recorded)
			if diff := cmp.Diff(live.Set.Facts, again.Set.Facts); diff != "" {
				t.Errorf("facts, live and replayed:\n%s", diff)
			}
			if diff := cmp.Diff(live.Set.Gaps, again.Set.Gaps); diff != "" {
				t.Errorf("gaps, live and replayed:\n%s", diff)
			}
			if diff := cmp.Diff(verdicts(live), verdicts(again)); diff != "" {
				t.Errorf("findings, live and replayed:\n%s", diff)
			}

			original := replay(t, platform, transcript)
			if diff := cmp.Diff(stated(original), stated(live)); diff != "" {
				t.Errorf("facts of the capture and live:\n%s", diff)
			}
		})
	}
}

func verdicts(r Result) []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, fmt.Sprint(f.Control, " ", f.Subject, " ", f.Verdict, " ", f.Reason, " ", f.Message))
	}
	return all
}

// stated are the facts but those that the connection or its nonce made. A device that paints its screen begins a reply with an empty
// line, which a capture that was composed does not have: the numbers of its lines are left out.
func stated(r Result) []facts.Fact {
	found := slices.DeleteFunc(slices.Clone(r.Set.Facts), func(f facts.Fact) bool {
		return f.Kind == facts.HostKey || f.Kind == facts.DigestChallenge || strings.HasPrefix(f.Command, "verify /md5")
	})
	for i := range found {
		if r.Platform == "aruba_aoss" {
			found[i].Line = 0
		}
	}
	return found
}

// A double is a session that replays, or does what a test wants.
type double struct {
	collectors.Session
	warnings []string
	closed   *atomic.Int64
}

func (d double) Warnings() []string { return d.warnings }
func (d double) Close() error       { d.closed.Add(1); return nil }

// devices returns so many devices, called r0, r1, …
func devices(n int) []inventory.Device {
	var all []inventory.Device
	for i := range n {
		all = append(all, inventory.Device{Name: fmt.Sprint("r", i), Platform: "cisco_ios"})
	}
	return all
}

// TestEveryDeviceHasAResult mixes sound devices with all that can go wrong before and in a visit.
func TestEveryDeviceHasAResult(t *testing.T) {
	transcript := captures(t)["cisco_ios/edge-router"]
	var opened, closed, atOnce, most atomic.Int64
	var results []Result
	s := nothing(Sweep{
		Sessions: 4, Profile: core(t),
		Open: func(_ context.Context, d inventory.Device, _ collectors.Platform) (Session, error) {
			switch d.Name {
			case "r1":
				return nil, &collectors.Failure{Reason: facts.Timeout, Err: errors.New("no banner")}
			case "r2":
				return nil, errors.New("no reason given")
			case "r3":
				panic("a bug")
			}
			opened.Add(1)
			n := atOnce.Add(1)
			defer atOnce.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			return double{transcript.Session(), []string{"weak"}, &closed}, nil
		},
		Done: func(r Result) error { results = append(results, r); return nil },
	})
	all := append(devices(20), inventory.Device{Name: "odd", Platform: "vms"})
	if err := s.Run(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range results {
		if r.Device != r.Target.Name || r.Set.Device != r.Device {
			t.Errorf("result of %q, %q, %q", r.Device, r.Target.Name, r.Set.Device)
		}
		if !r.Outcome.Visited() && len(r.Set.Gaps) != 1 {
			t.Errorf("%s was not visited, and its gaps are %+v", r.Device, r.Set.Gaps)
		}
		got[r.Device] = fmt.Sprint(r.Outcome, " ", len(r.Findings) > 0, " ", len(r.Replies) > 0, " ", r.Warnings)
	}
	want := map[string]string{
		"r1": "unreachable true false []", "r2": "unreachable true false []", "r3": "partly false false []", "odd": "not visited false false []",
	}
	for _, d := range devices(20) {
		if want[d.Name] == "" {
			want[d.Name] = "assessed true true [weak]"
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(results) != len(all) || opened.Load() != 17 || closed.Load() != 17 || most.Load() > 4 {
		t.Errorf("%d results, %d opened, %d closed, %d at once", len(results), opened.Load(), closed.Load(), most.Load())
	}
}

func TestErrorsEndTheSweep(t *testing.T) {
	transcript := captures(t)["cisco_ios/edge-router"]
	broken := errors.New("the store is broken")
	for name, spoil := range map[string]func(*Sweep){
		"done":     func(s *Sweep) { s.Done = func(Result) error { return broken } },
		"approved": func(s *Sweep) { s.Approved = func(string) (*baseline.Approval, error) { return nil, broken } },
		"previous": func(s *Sweep) { s.Previous = func(string) (*facts.Set, error) { return nil, broken } },
	} {
		t.Run(name, func(t *testing.T) {
			var opened, closed atomic.Int64
			s := nothing(Sweep{
				Sessions: 2, Profile: core(t), Done: func(Result) error { return nil },
				Open: func(context.Context, inventory.Device, collectors.Platform) (Session, error) {
					opened.Add(1)
					return double{transcript.Session(), nil, &closed}, nil
				},
			})
			spoil(&s)
			if err := s.Run(t.Context(), devices(100)); !errors.Is(err, broken) {
				t.Errorf("error %v", err)
			}
			if opened.Load() > 10 || opened.Load() != closed.Load() {
				t.Errorf("%d devices were visited after all, %d sessions closed", opened.Load(), closed.Load())
			}
		})
	}
}

// TestInterrupted ends a sweep while one device thinks: it and those after it get their results.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("somebody pressed ^C")
	var results []Result
	s := nothing(Sweep{
		Sessions: 1, Profile: core(t), Done: func(r Result) error { results = append(results, r); return nil },
		Open: func(ctx context.Context, d inventory.Device, _ collectors.Platform) (Session, error) {
			cancel(stop)
			<-ctx.Done()
			return nil, &collectors.Failure{Reason: facts.NotCollected, Err: context.Cause(ctx)}
		},
	})
	if err := s.Run(ctx, devices(3)); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
	var got []string
	for _, r := range results {
		got = append(got, fmt.Sprint(r.Device, " ", r.Outcome, " ", r.Set.Gaps[0].Detail))
	}
	want := []string{"r0 unreachable somebody pressed ^C", "r1 not visited not visited: somebody pressed ^C", "r2 not visited not visited: somebody pressed ^C"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLockout lets logins be refused, with one that is not in between.
func TestLockout(t *testing.T) {
	transcript := captures(t)["cisco_ios/edge-router"]
	for _, test := range []struct {
		refusals, sound int // the device of this number lets us in
		want            int // logins
		err             error
	}{
		{refusals: 3, sound: -1, want: 3, err: ErrLockout},
		{refusals: 3, sound: 2, want: 6, err: ErrLockout},
		{refusals: 0, sound: -1, want: 10},
		{refusals: 11, sound: -1, want: 10},
	} {
		t.Run(fmt.Sprintf("%+v", test), func(t *testing.T) {
			var logins, closed atomic.Int64
			turn := make(chan struct{}, 1) // the next login begins when the last one's result was handed over
			turn <- struct{}{}
			results := 0
			s := nothing(Sweep{
				Sessions: 1, Refusals: test.refusals, Profile: core(t),
				Open: func(ctx context.Context, d inventory.Device, _ collectors.Platform) (Session, error) {
					<-turn
					if err := ctx.Err(); err != nil {
						return nil, &collectors.Failure{Reason: facts.NotCollected, Err: err}
					}
					logins.Add(1)
					if d.Name == fmt.Sprint("r", test.sound) {
						return double{transcript.Session(), nil, &closed}, nil
					}
					return nil, &collectors.Failure{Reason: facts.LoginRefused, Err: errors.New("password refused")}
				},
				Done: func(r Result) error {
					results++
					select {
					case turn <- struct{}{}:
					default: // nobody logs in any more
					}
					return nil
				},
			})
			if err := s.Run(t.Context(), devices(10)); !errors.Is(err, test.err) {
				t.Errorf("error %v, want %v", err, test.err)
			}
			// One more may have begun before the last refusal was counted.
			if n := int(logins.Load()); n < test.want || n > test.want+1 {
				t.Errorf("%d logins, want %d", n, test.want)
			}
			if results != 10 {
				t.Errorf("%d results", results)
			}
		})
	}
}

// TestLoginRate holds that logins begin no faster than they may, in a time of the test's own.
func TestLoginRate(t *testing.T) {
	transcript := captures(t)["cisco_ios/edge-router"]
	synctest.Test(t, func(t *testing.T) {
		var closed atomic.Int64
		var mu sync.Mutex
		var begun []time.Time
		s := nothing(Sweep{
			Sessions: 8, Logins: 5, Profile: core(t), Done: func(Result) error { return nil },
			Begin: func(string) { mu.Lock(); begun = append(begun, time.Now()); mu.Unlock() },
			Open: func(context.Context, inventory.Device, collectors.Platform) (Session, error) {
				return double{transcript.Session(), nil, &closed}, nil
			},
		})
		began := time.Now()
		if err := s.Run(t.Context(), devices(11)); err != nil {
			t.Fatal(err)
		}
		if took := begun[10].Sub(began); took != 2*time.Second {
			t.Errorf("11 logins at 5 a second took %v, want 2s", took)
		}
	})
}
