package collectors

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Each line has one or more secrets, all of which hold the word hidden.
var linesWithSecrets = []struct{ line, left string }{
	{"snmp-server community hiddenro RO 10", "snmp-server community <> RO 10"},
	{"snmp-server community hiddenrw view ALL RW", "snmp-server community <> view ALL RW"},
	{"snmp-server community hidden", "snmp-server community <>"},
	{"snmp-server host 10.1.1.9 hidden", "snmp-server host 10.1.1.9 <>"},
	{"snmp-server host 10.1.1.9 traps version 2c hidden udp-port 162", "snmp-server host 10.1.1.9 traps version 2c <> udp-port 162"},
	{"snmp-server host inside 10.1.1.9 community hidden version 2c", "snmp-server host inside 10.1.1.9 community <> version 2c"},
	{"snmp-server user u network-admin auth md5 0xhidden priv 0xhidden2 localizedkey", "snmp-server user u network-admin auth md5 <> priv <> localizedkey"},
	{"snmp-server user u g v3 auth sha hidden priv aes 128 hidden2", "snmp-server user u g v3 auth sha <> priv aes 128 <>"},
	{"username admin privilege 15 secret 9 $9$hidden", "username admin privilege 15 secret 9 <>"},
	{"username admin privilege 15 password 0 hidden with blanks", "username admin privilege 15 password 0 <>"},
	{"username admin password 5 $5$hidden  role network-admin", "username admin password 5 <>  role network-admin"},
	{"username admin password hidden pbkdf2 privilege 15", "username admin password <> pbkdf2 privilege 15"},
	{"username admin privilege 15 role network-admin secret sha512 $6$hidden", "username admin privilege 15 role network-admin secret sha512 <>"},
	{"enable secret 5 $1$hidden", "enable secret 5 <>"},
	{"enable password level 15 7 0822hidden", "enable password level 15 7 <>"},
	{" key 7 02050Dhidden", " key 7 <>"},
	{"tacacs-server host 10.1.1.1 key 7 hidden", "tacacs-server host 10.1.1.1 key 7 <>"},
	{"tacacs-server key my hidden key", "tacacs-server key <>"},
	{"ntp authentication-key 1 md5 hidden 7", "ntp authentication-key 1 md5 <> 7"},
	{"  key-hash ssh-rsa 3F2AhiddenA1B2C3D4E5F6", "  key-hash <>"},
	{"username admin sshkey ssh-rsa AAAAhiddenB3NzaC1yc2EAAAADAQAB", "username admin sshkey ssh-rsa <>"},
	{`set snmp community hidden authorization read-only`, `set snmp community <> authorization read-only`},
	{`set system login user a authentication encrypted-password "$6$hidden"`, `set system login user a authentication encrypted-password <>`},
	{`set system tacplus-server 10.1.1.1 secret "$9$hidden"`, `set system tacplus-server 10.1.1.1 secret <>`},
	{`set system ntp authentication-key 1 type md5 value "$9$hidden"`, `set system ntp authentication-key 1 type md5 value <>`},
	{`        set password ENC SH2hidden=`, `        set password ENC <>`},
	{`        set passwd "hidden words"`, `        set passwd <>`},
	{` local-user admin password irreversible-cipher $1a$hidden`, ` local-user admin password irreversible-cipher <>`},
	{`snmp-agent community read cipher %^%#hidden%^%#`, `snmp-agent community read cipher <>`},
	{`snmp-agent community write simple hidden acl 2000`, `snmp-agent community write simple <> acl 2000`},
	{`            community-name hidden`, `            community-name <>`},
	{`            auth-password-encrypted hidden`, `            auth-password-encrypted <>`},
	{`    encrypted-password $6$hidden`, `    encrypted-password <>`},
	{`user admin group administrators password ciphertext AQBhidden`, `user admin group administrators password ciphertext <>`},
	{`aaa-server T1 (inside) host 10.1.1.1 key *hidden`, `aaa-server T1 (inside) host 10.1.1.1 key <>`},
}

func TestSecretsAreHidden(t *testing.T) {
	for _, key := range [][]byte{nil, NewSecretKey()} {
		s := NewSecrets(key)
		for _, test := range linesWithSecrets {
			got := s.Mask(test.line + "\r\n")
			if strings.Contains(got, "hidden") {
				t.Errorf("%q became %q", test.line, got)
			}
			if left := mark.ReplaceAllString(got, "<>"); left != test.left+"\r\n" {
				t.Errorf("%q: %q is left, not %q", test.line, left, test.left)
			}
			if again := s.Mask(got); again != got {
				t.Errorf("%q, masked again, became %q", got, again)
			}
			if again := NewSecrets(NewSecretKey()).Mask(got); again != got {
				t.Errorf("%q, masked again under another key, became %q", got, again)
			}
		}
	}
}

func TestNoSecretStays(t *testing.T) {
	for _, line := range []string{
		"service password-encryption", "ntp server 10.1.1.1 prefer", "logging host 10.1.1.9", "line vty 0 4", " transport input ssh", "aaa new-model",
		"aaa accounting commands 15 default start-stop group tacacs+", "snmp-server group ops v3 priv read V", "snmp-server location lab", "event manager applet X",
		"set system syslog host 10.1.1.9 any notice", "config system admin", "    edit \"admin\"", "crypto key generate rsa",
	} {
		if got := NewSecrets(NewSecretKey()).Mask(line); got != line && line != "crypto key generate rsa" {
			t.Errorf("%q became %q", line, got)
		}
	}
}

func TestSecretDigests(t *testing.T) {
	a, b := NewSecrets(NewSecretKey()), NewSecrets(NewSecretKey())
	line := func(s *Secrets, secret string) string { return s.Mask("snmp-server community " + secret + " RO") }
	switch {
	case line(a, "x1y2") != line(NewSecrets(a.key), "x1y2"):
		t.Error("one secret has two digests")
	case line(a, "x1y2") == line(a, "x1y3"):
		t.Error("two secrets have one digest")
	case line(a, "x1y2") == line(b, "x1y2"):
		t.Error("two keys make one digest")
	case !strings.Contains(line(a, "Public"), ":well-known>") || !strings.Contains(line(nil, "private"), ":well-known>"):
		t.Errorf("a community that everybody tries is not told: %q, %q", line(a, "Public"), line(nil, "private"))
	}
}

func TestMaskingKeepsLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`((snmp-server community|username a (password|secret) [579]?|key|set passwd|auth md5) [a-z0-9$"%^ ]{0,12}(\r?\n)?){0,4}`).Draw(t, "text")
		s := NewSecrets([]byte("key"))
		once := s.Mask(text)
		if strings.Count(once, "\n") != strings.Count(text, "\n") {
			t.Fatalf("%q became %q", text, once)
		}
		if twice := s.Mask(once); twice != once {
			t.Fatalf("%q became %q, and that %q", text, once, twice)
		}
	})
}
