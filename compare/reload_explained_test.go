package compare

import (
	"strconv"
	"testing"
	"time"

	"trueboot/facts"
)

// up gives an uptime in place of the one that the text holds.
func up(subject string, d time.Duration) edit {
	return set(facts.Uptime, subject, strconv.Itoa(int(d/time.Second)))
}

func TestReloadExplained(t *testing.T) {
	const day = 24 * time.Hour
	steady := 1987020*time.Second + now.Sub(seenAt) // what the text says as of now
	reason := func(words string) edit { return set(facts.ReloadReason, "", words) }
	try(t, reloadExplained, stack, []row{
		{name: "equal, built separately", visits: true, want: []string{"PASS E0"}, says: "no reload since the visit of 2026-11-23 01:00 UTC: 2 processors up since 2026-10-28"},
		{name: "fact missing", visits: true, observed: []edit{drop(facts.Uptime, "")}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "every uptime missing", visits: true, observed: []edit{drop(facts.Uptime, "*")}, want: []string{"NOT-ASSESSED parse-incomplete"}, says: `the reply to "show version" held it`},
		{name: "refused", visits: true, observed: []edit{unanswered("show version", facts.NoPrivilege, "", "", facts.Uptime)}, want: []string{"NOT-ASSESSED no-privilege"}},
		{name: "unreachable", visits: true, observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout"}},
		{name: "first visit", want: []string{"NOT-ASSESSED no-baseline"}, says: "there is no earlier visit"},
		{name: "first visit, unreachable", observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout"}},
		{name: "the earlier visit holds no uptime", previous: []edit{drop(facts.Uptime, "*")}, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "needs no approval", unapproved: true, visits: true, want: []string{"PASS E0"}},

		{name: "reloaded", visits: true, observed: []edit{up("", 3*time.Hour), up("switch 2", 3*time.Hour), reason("Reload Command")},
			want: []string{"FAIL medium", "FAIL medium switch 2"}, says: `the device reloaded at 2026-11-23 22:00 UTC, reason "Reload Command"; no ticket known`},
		{name: "one member reloaded", visits: true, observed: []edit{up("switch 2", 3*time.Hour)}, want: []string{"FAIL medium switch 2"}, says: `"switch 2" reloaded at`},
		{name: "reloaded and no reason", visits: true, observed: []edit{up("", 3*time.Hour), drop(facts.ReloadReason, "*")}, want: []string{"FAIL medium"}, says: "no reason stated"},
		{name: "reloaded right after the last visit", visits: true, observed: []edit{up("", day-10*time.Minute)}, want: []string{"FAIL medium"}},
		{name: "young at the last visit and reloaded since", visits: true, previous: []edit{up("", 5*time.Minute)}, observed: []edit{up("", day-20*time.Minute)}, want: []string{"FAIL medium"}},
		{name: "minutes and drift", visits: true, observed: []edit{up("", steady+4*time.Minute)}, want: []string{"PASS E0"}},
		{name: "the uptime jumped back", visits: true, observed: []edit{up("", steady-10*day)}, want: []string{"FAIL! medium"}, says: "no reload lies between"},
		{name: "the uptime jumped forth", visits: true, observed: []edit{up("", steady+day)}, want: []string{"FAIL! medium"}},
		{name: "the uptime stands still", visits: true, observed: []edit{up("", steady-day)}, want: []string{"FAIL! medium"}},
		{name: "no uptime at all", visits: true, observed: []edit{set(facts.Uptime, "", "three days")}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "an uptime before there were networks", visits: true, observed: []edit{up("", 200*365*day)}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "a negative uptime", visits: true, observed: []edit{up("", -time.Hour)}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "no uptime at the last visit", previous: []edit{set(facts.Uptime, "", "x")}, want: []string{"NOT-ASSESSED no-baseline"}},

		{name: "stated in hours", previous: []edit{up("", 45*day+23*time.Hour)}, observed: []edit{up("", 47*day)}, want: []string{"PASS E0"}},
		{name: "stated in days", previous: []edit{up("", 400*day)}, observed: []edit{up("", 401*day)}, want: []string{"PASS E0"}},
		{name: "from minutes to hours", previous: []edit{up("", 23*time.Hour+59*time.Minute)}, observed: []edit{up("", 47*time.Hour)}, want: []string{"PASS E0"}},
		{name: "stated in hours and reloaded", previous: []edit{up("", 45*day+23*time.Hour)}, observed: []edit{up("", 3*time.Hour)}, want: []string{"FAIL medium"}},
		{name: "stated in days, a reload two days after another", previous: []edit{up("", time.Hour)}, observed: []edit{up("", 2*time.Hour)}, want: []string{"FAIL medium"}},

		{name: "a member is new", visits: true, observed: []edit{add("show version", facts.Uptime, "switch 3", "60")},
			want: []string{"FAIL medium switch 3"}, says: "was not there at the visit of"},
		{name: "a member says more than at the last visit", visits: true, observed: []edit{add("show version", facts.Uptime, "switch 3", "900000")}, want: []string{"PASS E0"}},
		{name: "another command states it", visits: true, observed: []edit{drop(facts.Uptime, ""), add("show system uptime", facts.Uptime, "", "60")},
			want: []string{"NOT-ASSESSED parse-incomplete"}, says: `the reply to "show version" held it`},
	})
}
