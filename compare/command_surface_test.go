package compare

import (
	"testing"

	"trueboot/facts"
)

// answer changes what became of a command.
func answer(command string, change func(*facts.Answer)) edit {
	return func(s *facts.Set) {
		for i := range s.Answers {
			if s.Answers[i].Command == command {
				change(&s.Answers[i])
				return
			}
		}
		panic("no answer to " + command)
	}
}

func length(bytes int) func(*facts.Answer) { return func(a *facts.Answer) { a.Bytes = bytes } }

func ended(reason facts.Reason) func(*facts.Answer) {
	return func(a *facts.Answer) { a.Reason = reason }
}

func TestCommandSurface(t *testing.T) {
	const inventory = "show inventory"
	challenge := "verify /md5 flash:packages.conf NONCE"
	everyAnswer := func(s *facts.Set) { s.Answers = nil }
	try(t, commandSurface, stack, []row{
		{name: "equal, built separately", visits: true, want: []string{"PASS E0"}, says: "commands answered as at the visit of 2026-11-23 01:00 UTC"},
		{name: "fact missing", visits: true, observed: []edit{drop(facts.RunningVersion, "")}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "first visit", want: []string{"NOT-ASSESSED no-baseline"}, says: "there is no earlier visit"},
		{name: "first visit, unreachable", observed: []edit{unreachable(facts.Unreachable)}, want: []string{"NOT-ASSESSED unreachable"}},
		{name: "unreachable", visits: true, observed: []edit{unreachable(facts.Unreachable)}, want: []string{"NOT-ASSESSED unreachable show version"}},
		{name: "the earlier visit got no answer", previous: []edit{everyAnswer}, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "needs no approval", unapproved: true, visits: true, want: []string{"PASS E0"}},
		{name: "another version", visits: true, observed: []edit{set(facts.RunningVersion, "", "17.12.1"), unanswered(inventory, facts.UnsupportedCommand, "", "")},
			want: []string{"NOT-ASSESSED not-comparable"}, says: "its commands may differ"},
		{name: "the version in another spelling", visits: true, observed: []edit{set(facts.RunningVersion, "", "17.09.04a"), unanswered(inventory, facts.UnsupportedCommand, "", "")},
			want: []string{"FAIL high show inventory"}},

		{name: "no longer known", visits: true, observed: []edit{unanswered(inventory, facts.UnsupportedCommand, "% Invalid input detected", "", facts.SerialNumber)},
			want: []string{"FAIL high show inventory"}, says: `was answered at the last visit and is refused now, with the same version: "show inventory": unsupported-command, "% Invalid input detected"`},
		{name: "no longer allowed", visits: true, observed: []edit{unanswered(inventory, facts.NoPrivilege, "", "", facts.SerialNumber)}, want: []string{"FAIL high show inventory"}},
		{name: "nothing of the kind any more", visits: true, observed: []edit{unanswered(inventory, facts.PlatformHasNone, "", "", facts.SerialNumber)}, want: []string{"FAIL high show inventory"}},
		{name: "no longer readable", visits: true, observed: []edit{unanswered(inventory, facts.ParseIncomplete, "", "", facts.SerialNumber)}, want: []string{"FAIL medium show inventory"}},
		{name: "too slow", visits: true, observed: []edit{unanswered(inventory, facts.Timeout, "", "", facts.SerialNumber)}, want: []string{"NOT-ASSESSED timeout show inventory"}},
		{name: "refused at both visits", previous: []edit{unanswered(inventory, facts.NoPrivilege, "", "")}, observed: []edit{unanswered(inventory, facts.NoPrivilege, "", "")}, want: []string{"PASS E0"}},
		{name: "refused at the last visit alone", previous: []edit{unanswered(inventory, facts.NoPrivilege, "", "")}, want: []string{"PASS E0"}},
		{name: "not asked", visits: true, observed: []edit{func(s *facts.Set) { s.Answers = s.Answers[:len(s.Answers)-1] }},
			want: []string{"NOT-ASSESSED not-collected verify /md5 flash:cat9k-webui"}},
		{name: "not asked any more because the session was lost", visits: true, observed: []edit{
			func(s *facts.Set) { s.Answers = s.Answers[:len(s.Answers)-1] },
			gapped(facts.Gap{Command: "verify /md5 flash:cat9k-webui", Reason: facts.SessionLost, Kinds: []facts.Kind{facts.ImageDigest}})},
			want: []string{"NOT-ASSESSED session-lost verify /md5 flash:cat9k-webui"}},
		{name: "a command more", visits: true, observed: []edit{add("show clock", facts.BootTime, "", "x")}, want: []string{"PASS E0"}},
		{name: "none was answered at the last visit", previous: []edit{func(s *facts.Set) {
			for i := range s.Answers {
				s.Answers[i].Reason = facts.NoPrivilege
			}
		}}, want: []string{"NOT-ASSESSED no-baseline"}},

		{name: "collapsed", visits: true, observed: []edit{answer(inventory, length(99))}, want: []string{"FAIL medium show inventory"}, says: "had 1000 bytes at the last visit and has 99 now"},
		{name: "shorter", visits: true, observed: []edit{answer(inventory, length(100))}, want: []string{"PASS E0"}},
		{name: "longer", visits: true, observed: []edit{answer(inventory, length(100000))}, want: []string{"PASS E0"}},
		{name: "empty", previous: []edit{answer(inventory, length(20))}, observed: []edit{answer(inventory, length(0))}, want: []string{"FAIL medium show inventory"}},
		{name: "empty at both visits", previous: []edit{answer(inventory, length(0))}, observed: []edit{answer(inventory, length(0))}, want: []string{"PASS E0"}},
		{name: "a short one shorter", previous: []edit{answer(inventory, length(399))}, observed: []edit{answer(inventory, length(1))}, want: []string{"PASS E0"}},

		{name: "the challenge is one question, whatever the nonce", previous: []edit{answer(challenge, func(a *facts.Answer) { a.Command, a.Asked = "verify /md5 flash:packages.conf 0123", challenge })},
			observed: []edit{answer(challenge, func(a *facts.Answer) { a.Command, a.Asked = "verify /md5 flash:packages.conf 4567", challenge })}, want: []string{"PASS E0"}},
		{name: "the session ends at the same command again", previous: []edit{answer(challenge, ended(facts.SessionLost))}, observed: []edit{answer(challenge, ended(facts.SessionLost))},
			want: []string{"FAIL medium " + challenge}, says: "as at the last visit"},
		{name: "the session ends at another command", previous: []edit{answer(challenge, ended(facts.SessionLost))}, observed: []edit{answer(inventory, ended(facts.SessionLost))},
			want: []string{"NOT-ASSESSED session-lost show inventory"}},
	})
}
