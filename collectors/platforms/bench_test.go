package platforms

import (
	"maps"
	"slices"
	"testing"

	"trueboot/collectors"
	"trueboot/collectors/capture"
)

// BenchmarkRead reads, for each platform, the longest of its captures: every reply of one visit, from bytes to facts, on every channel
// that was asked. The goal is under a millisecond for a visit.
func BenchmarkRead(b *testing.B) {
	for _, p := range All {
		var longest *capture.Transcript
		var size, replies int
		all := captures(b, p)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			transcript := all[name]
			bytes := 0
			for _, e := range transcript.Exchanges {
				bytes += len(e.Text)
			}
			if bytes > size {
				longest, size, replies = transcript, bytes, len(transcript.Exchanges)
			}
		}
		b.Run(p.Name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if set := collectors.Collect(b.Context(), p, longest.Sessions()...); len(set.Facts) == 0 {
					b.Fatal("no facts")
				}
			}
			b.ReportMetric(float64(replies), "replies")
		})
	}
}
