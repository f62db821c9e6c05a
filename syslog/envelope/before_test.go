package envelope

import (
	"testing"

	"trueboot/alerts"
)

func TestHeader(t *testing.T) {
	for _, test := range []struct {
		before, process string
		want            bool
	}{
		{"", "", true}, {" ", "sshd", true},
		{"<163>Apr  1 05:14:15 192.0.2.1 ", "", true},
		{"<134>Apr 29 13:58:46 relay Apr 29 13:58:46 host ", "", true},
		{"<164>1 2021-04-01T05:14:15.000003-05:00 192.0.2.1 app 8710 - - ", "", true},
		{"Oct 24 17:05:46 host suricata[9]: ", "", true},
		{"Oct 24 17:05:46 host sshd[7]: Invalid user ", "", false},
		{"Invalid user ", "sshd", false},
	} {
		r := alerts.Record{}
		r.Fields.Add(alerts.Process, test.process)
		if got := Header(test.before, &r); got != test.want {
			t.Errorf("%q of %q: %v", test.before, test.process, got)
		}
	}
}
