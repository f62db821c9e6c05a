package compare

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"trueboot/facts"
)

// benchmarkCase is a healthy stack that states what every control asks for.
func benchmarkCase(b *testing.B) (Case, Profile) {
	b.Helper()
	seen := map[string]bool{}
	var lines []string
	for line := range strings.Lines(stack + settled) {
		key := strings.Join(strings.Fields(line), " ")
		fields := strings.SplitN(line, "|", 4)
		if len(fields) == 4 {
			key = strings.TrimSpace(fields[1]) + "|" + strings.TrimSpace(fields[2]) // what the first says, the second does not contradict
		}
		if !seen[key] {
			seen[key] = true
			lines = append(lines, line)
		}
	}
	profile, _ := BuiltInProfile("ndi")
	return (row{visits: true}).build(b, strings.Join(lines, "")), profile
}

// BenchmarkJudge judges one device by every control.
func BenchmarkJudge(b *testing.B) {
	c, profile := benchmarkCase(b)
	b.ReportMetric(float64(len(c.Observed.Facts)), "facts")
	for b.Loop() {
		Judge(c, profile)
	}
}

// BenchmarkJudgeAgain reads 10,000 stored visits and judges them again, on all processors.
func BenchmarkJudgeAgain(b *testing.B) {
	c, profile := benchmarkCase(b)
	text := string(c.Observed.AppendText(nil))
	for b.Loop() {
		var work sync.WaitGroup
		queue := make(chan struct{})
		for range runtime.GOMAXPROCS(0) {
			work.Go(func() {
				for range queue {
					set, err := facts.ParseSet(text)
					if err != nil {
						b.Error(err)
					}
					one := c
					one.Observed = set
					Judge(one, profile)
				}
			})
		}
		for range 10_000 {
			queue <- struct{}{}
		}
		close(queue)
		work.Wait()
	}
}
