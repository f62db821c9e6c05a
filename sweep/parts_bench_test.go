package sweep

import (
	"strconv"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/collectors"
	"trueboot/collectors/platforms"
	"trueboot/compare"
	"trueboot/history"
)

// BenchmarkParts are the parts of a visit's cost that are ours, each for one device: reading all its replies, judging it
// against its approval and its last visit, packing it for the history, and reading its last visit back.
func BenchmarkParts(b *testing.B) {
	platform, _ := platforms.ByName("cisco_ios")
	device := benchmarkDevice(1)
	transcript := device.Transcript(benchmarkStart)
	visit := replay(b, platform, transcript)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			collectors.Collect(b.Context(), platform, transcript.Session())
		}
	})
	b.Run("judge", func(b *testing.B) {
		c := compare.Case{
			Observed: visit.Set, Previous: &visit.Set, Now: time.Now(), Order: platform.Order, VersionInName: platform.VersionInName,
			Approved: &baseline.Approval{Facts: visit.Set.Facts, At: benchmarkStart, SeenAt: benchmarkStart, Provenance: baseline.FirstSeen},
		}
		for b.Loop() {
			compare.Judge(c, core(b))
		}
	})
	store, err := history.Open(b.TempDir() + "/history.db")
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	writer, err := store.Begin(history.Run{})
	if err != nil {
		b.Fatal(err)
	}
	added := 0
	b.Run("keep", func(b *testing.B) {
		for b.Loop() {
			v := visit.Visit
			v.Device = "edge" + strconv.Itoa(added)
			added++
			if err := writer.Add(v); err != nil {
				b.Fatal(err)
			}
		}
	})
	if err := writer.End(false, nil); err != nil {
		b.Fatal(err)
	}
	b.Run("last visit", func(b *testing.B) {
		for b.Loop() {
			if s, err := store.LastSet("edge0"); err != nil || s == nil {
				b.Fatal(s, err)
			}
		}
	})
}
