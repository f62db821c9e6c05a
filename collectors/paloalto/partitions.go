package paloalto

import (
	"regexp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Partition         State             Version
	partitionHeading = collectors.MustCompile(`^Partition\s+State\s+Version$`)

	// sysroot0          RUNNING-ACTIVE    9.0.5.xfr
	// sysroot1          EMPTY             None
	partitionRow = regexp.MustCompile(`^(\S+)\s+([A-Z][A-Z_-]*)(?:\s+(\S+))?$`)

	// --------------------------------------------------------------------------------
	ruler = collectors.MustCompile(`^-{3,}$`)
)

var partitionYields = []facts.Kind{
	facts.RunningVersion, facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.Partition, facts.PartitionState,
}

// Partition states that say whether the partition boots next.
const (
	stateRunning = "RUNNING-ACTIVE"
	statePending = "PENDING-CHANGE"
)

// restingStates are those of partitions that neither run nor boot next.
var restingStates = map[string]bool{"READY": true, "REVERTABLE": true, "EMPTY": true}

// readPartitions reads "debug swm status", the status of the software manager. The running partition boots again unless another
// one waits for the restart (PENDING-CHANGE); what a state that is not known here means for that is not guessed.
func readPartitions(reply collectors.Reply) ([]facts.Fact, error) {
	type partition struct {
		line          int
		name, version string
	}
	var (
		r                collectors.Reading
		table            bool
		running, pending []partition
		unknown          bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if partitionHeading.MatchString(text) {
			table = true
			continue
		}
		if !table || text == "" || ruler.MatchString(text) || promptLine.MatchString(text) {
			continue
		}
		m := partitionRow.FindStringSubmatch(text)
		if m == nil {
			r.Problem("line %d: not a partition: %.80q", n, text)
			continue
		}
		p := partition{n, m[1], m[3]}
		if strings.EqualFold(p.version, "none") || p.version == "-" {
			p.version = ""
		}
		r.Add(n, facts.Partition, p.name, p.version)
		r.Add(n, facts.PartitionState, p.name, m[2])
		switch {
		case m[2] == stateRunning:
			running = append(running, p)
		case m[2] == statePending:
			pending = append(pending, p)
		case !restingStates[m[2]]:
			unknown = true
		}
	}
	if len(running) != 1 {
		r.Problem("%d partitions run, not one", len(running))
		return r.Done()
	}
	now := running[0]
	r.Add(now.line, facts.RunningVersion, "", now.version)
	r.Add(now.line, facts.RunningImage, "", now.name)
	r.Add(now.line, facts.BootVariable, facts.Place("", 1), now.name)
	switch {
	case unknown || len(pending) > 1:
		r.Problem("which partition boots next can't be told from their states")
	case len(pending) == 1:
		r.Add(pending[0].line, facts.NextBootVariable, facts.Place("", 1), pending[0].name)
	default:
		r.Add(now.line, facts.NextBootVariable, facts.Place("", 1), now.name)
	}
	return r.Done()
}
