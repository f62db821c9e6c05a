package reports

import "trueboot/facts"

// meanings put into words for a person why something was not assessed: a reason, or an outcome.
var meanings = map[string]string{
	string(facts.UnsupportedCommand): "the device does not know the command",
	string(facts.NoPrivilege):        "the account may not run the command",
	string(facts.NoBaseline):         "nothing is approved to compare with",
	string(facts.ParseIncomplete):    "a reply was cut short or not understood",
	string(facts.Timeout):            "no whole reply within the time limit",
	string(facts.IntrusiveWithheld):  "would need a reload, a change or a dump",
	string(facts.WouldModify):        "would change the device",
	string(facts.NotComparable):      "no order between the two values is known",
	string(facts.PlatformHasNone):    "the platform has nothing of the kind",
	string(facts.Stale):              "the evidence is too old",
	string(facts.Unreachable):        "no connection",
	string(facts.NoCredentials):      "the credentials could not be had; nobody logged in",
	string(facts.LoginRefused):       "the device refused the credentials",
	string(facts.HostKeyUnknown):     "the host key was never seen, and new ones are not trusted; nobody logged in",
	string(facts.HostKeyChanged):     "the host key is not the known one; nobody logged in",
	string(facts.SessionLost):        "the connection ended too early",
	string(facts.ReplyTooLarge):      "a reply passed the limits on its size",
	string(facts.UnsafeArgument):     "a file's name must not be typed back to the device",
	string(facts.NotCollected):       "not asked, or not in the capture",
	string(facts.NothingToAskFor):    "no reply named what to ask about",
	string(facts.NotVisited):         "the run ended before its turn",
}
