package facts

// An Outcome says how far a visit came.
type Outcome string

// The outcomes of a visit.
const (
	AskedAll   Outcome = "assessed"    // the device was asked everything, whatever it answered
	AskedPart  Outcome = "partly"      // the session ended before all was asked
	NoSession  Outcome = "unreachable" // not reached, not let in, or not the device it was
	NotVisited Outcome = "not visited" // the run ended before the device's turn
)

// Visited tells whether there was a session, and so something to judge.
func (o Outcome) Visited() bool { return o == AskedAll || o == AskedPart }
