package history

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trueboot/baseline/boltfile"
	"trueboot/facts"
)

// benchmarkVisit is a visit as a router of 200 files yields it: eight of its replies are its own, twelve are the same on
// all devices of the model.
func benchmarkVisit(device string, run int) Visit {
	v := visited(device, "flash:a.bin")
	for i := range 200 {
		v.Set.Facts = append(v.Set.Facts, facts.Fact{Kind: facts.File, Subject: fmt.Sprintf("flash:/file-%d.bin", i), Value: fmt.Sprint(i * 7919), Command: "dir flash:", Line: i + 3, Tier: facts.E1})
	}
	v.Replies = nil
	for i := range 20 {
		own := "common"
		if i < 8 {
			own = fmt.Sprint(device, " ", run)
		}
		v.Replies = append(v.Replies, Reply{
			Command: fmt.Sprintf("show thing %d", i), Time: began, Elapsed: time.Second,
			Text: strings.Repeat(fmt.Sprintf("GigabitEthernet0/%d is up, line protocol is up, %s\r\n", i, own), 20),
		})
	}
	return v
}

// BenchmarkRun writes a run of 10,000 devices into a history that holds one already, and in the same run the same records
// into a plain file that is only appended to, with a sync for each group.
//
//	go test ./history -run '^$' -bench Run -benchtime 1x
func BenchmarkRun(b *testing.B) {
	const devices = 10_000
	store := newStore(b)
	all := make([]Visit, devices)
	visits := func(run int) []Visit {
		for i := range all {
			all[i] = benchmarkVisit(fmt.Sprintf("device%05d", i), run)
		}
		return all
	}
	addRun(b, store, visits(0)...)
	run := 0
	for b.Loop() {
		run++
		b.StopTimer()
		visits := visits(run)
		b.StartTimer()
		started := time.Now()
		addRun(b, store, visits...)
		ours := time.Since(started)
		b.StopTimer()
		plain := plainFile(b, visits)
		b.ReportMetric(float64(ours)/float64(plain), "ratio")
		b.ReportMetric(float64(ours.Microseconds())/devices, "µs/visit")
		b.ReportMetric(float64(plain.Microseconds())/devices, "plain-µs/visit")
		b.StartTimer()
	}
	b.StopTimer()
	info, err := os.Stat(store.file.Path())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/float64(devices*(run+1)), "bytes/visit")
}

// plainFile appends the records that a history would have kept, compressed alike and synced as often.
func plainFile(b *testing.B, visits []Visit) time.Duration {
	b.Helper()
	fresh := newStore(b)
	started := time.Now()
	file, err := os.Create(filepath.Join(b.TempDir(), "history.log"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	out := bufio.NewWriterSize(file, 1<<20)
	seen := make(map[string]bool)
	for i, v := range visits {
		for j := range v.Replies {
			if seen[v.Replies[j].Text] {
				continue
			}
			seen[v.Replies[j].Text] = true
			record, err := boltfile.Pack([]byte(v.Replies[j].Text))
			if err != nil {
				b.Fatal(err)
			}
			out.Write(record)
		}
		v.Replies = nil
		p, err := fresh.pack(v)
		if err != nil {
			b.Fatal(err)
		}
		out.Write(p.item)
		if i%commitVisits == commitVisits-1 {
			if err := out.Flush(); err != nil {
				b.Fatal(err)
			}
			if err := file.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	}
	return time.Since(started)
}

// BenchmarkVerify recomputes every digest of a run.
func BenchmarkVerify(b *testing.B) {
	store := newStore(b)
	var all []Visit
	for i := range 1000 {
		all = append(all, benchmarkVisit(fmt.Sprintf("device%05d", i), 0))
	}
	addRun(b, store, all...)
	for b.Loop() {
		if r, err := store.Verify(b.Context(), ""); err != nil || len(r.Damages) > 0 {
			b.Fatal(r, err)
		}
	}
}

// BenchmarkLastSet reads what a device stated last.
func BenchmarkLastSet(b *testing.B) {
	store := newStore(b)
	addRun(b, store, benchmarkVisit("core1", 0))
	for b.Loop() {
		if v, err := store.LastSet("core1"); err != nil || v == nil {
			b.Fatal(v, err)
		}
	}
}
