package collectors

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

func TestConfiguration(t *testing.T) {
	c := Configuration{Topics: []string{facts.TopicAccess, facts.TopicSNMP}, Rules: []ConfigurationRule{
		{Line: MustCompile(`^line vty \S+ \S+$`), Topic: facts.TopicAccess, Traits: []string{facts.TraitLoginLine}},
		{Line: MustCompile(`^line vty \S+ \S+ / transport input .*telnet`), Traits: []string{facts.TraitTelnet}},
		{Line: MustCompile(`^username `), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	}}
	text := "Building configuration...\r\n!\r\nline con 0\r\n logging synchronous\r\nline vty 0 4\r\n transport  input telnet ssh\r\n   deeper\r\n transport output none\r\nusername admin secret 9 x\r\nend\r\n"
	found, err := c.Running(Reply{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, strings.Join([]string{string(f.Kind), f.Subject, f.Value}, " | "))
	}
	want := []string{
		"running configuration line | line con 0 | management access",
		"running configuration line | line con 0 / logging synchronous | management access",
		"running configuration line | line vty 0 4 | management access",
		"configuration trait | line vty 0 4 | remote login line",
		"running configuration line | line vty 0 4 / transport input telnet ssh | management access",
		"configuration trait | line vty 0 4 / transport input telnet ssh | telnet",
		"running configuration line | line vty 0 4 / transport input telnet ssh / deeper | management access",
		"configuration trait | line vty 0 4 / transport input telnet ssh / deeper | telnet",
		"running configuration line | line vty 0 4 / transport output none | management access",
		"running configuration line | username admin secret 9 x | accounts",
		"configuration trait | username admin secret 9 x | account",
		"configuration section | management access | present",
		"configuration section | snmp | empty",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfigurationIsBounded(t *testing.T) {
	c := Configuration{Topics: []string{facts.TopicSNMP}}
	a, _ := c.Running(Reply{Text: "snmp-server contact " + strings.Repeat("a", 5000)})
	b, _ := c.Running(Reply{Text: "snmp-server contact " + strings.Repeat("a", 5001)})
	if len(a[0].Subject) > longestConfigurationLine+40 || a[0].Subject == b[0].Subject {
		t.Errorf("%d bytes, %q", len(a[0].Subject), a[0].Subject)
	}
	var long strings.Builder
	for i := range mostConfigurationLines + 2 {
		long.WriteString("line " + strings.Repeat("x", i%100) + strings.Repeat("y", i/100) + "\n")
	}
	if found, err := c.Running(Reply{Text: long.String()}); err == nil || len(found) != mostConfigurationLines+1 {
		t.Errorf("%d facts, %v", len(found), err)
	}
}

func TestOnlyReadingFilters(t *testing.T) {
	for text, allowed := range map[string]bool{
		"show running-config | section ^snmp-server|^logging":   true,
		"show running-config | section ^snmp-server |^logging":  true,
		"show running-config | section snmp-server|logging":     false,
		"show running-config | section ^snmp | redirect tftp:":  false,
		"show running-config | section ^snmp|redirect tftp:":    false,
		"show running-config | section ^snmp|^a | tee flash:x":  false,
		"show running-config | redirect ^snmp|^a":               false,
		"show version | include ^a|^b":                          true,
		"show configuration snmp | display set":                 true,
		"show running-config":                                   false,
		"show startup-config | section ^username|^enable":       true,
		"verify /md5 system:memory/text":                        true,
		"show running-config | section ^a|^b|append flash:file": false,
	} {
		if err := checkText(text); (err == nil) != allowed {
			t.Errorf("%q: %v", text, err)
		}
	}
}
