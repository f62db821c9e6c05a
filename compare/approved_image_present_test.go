package compare

import (
	"testing"

	"trueboot/facts"
)

func TestApprovedImagePresent(t *testing.T) {
	const (
		conf = "flash:packages.conf"
		base = "flash:cat9k-rpbase.17.09.04a.SPA.pkg"
		web  = "flash:cat9k-webui.17.09.04a.SPA.pkg"
	)
	ok := func(path string) string { return "PASS E0 " + path }
	try(t, approvedImagePresent, stack, []row{
		{name: "equal, built separately", want: []string{ok(conf), ok(base), ok(web)}, says: "an equal size is weak evidence"},
		{name: "listing missing", observed: []edit{drop(facts.File, "*")}, want: []string{
			"NOT-ASSESSED parse-incomplete " + conf, "NOT-ASSESSED parse-incomplete " + base, "NOT-ASSESSED parse-incomplete " + web}},
		{name: "unreachable", observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout " + conf}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "gone", observed: []edit{drop(facts.File, "flash:/packages.conf")}, want: []string{"FAIL high " + conf, ok(base), ok(web)}},
		{name: "renamed", observed: []edit{rename("flash:/cat9k-webui.17.09.04a.SPA.pkg", "flash:/old.bin")},
			want: []string{ok(conf), ok(base), "FAIL high " + web}, says: "perhaps it was renamed"},
		{name: "another size", observed: []edit{set(facts.File, "flash:/cat9k-rpbase.17.09.04a.SPA.pkg", "500000001")},
			want: []string{ok(conf), "FAIL critical " + base, ok(web)}, says: `approved on 2026-11-20: "500000000" bytes`},
	})
}
