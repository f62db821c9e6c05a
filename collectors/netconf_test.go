package collectors

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

const installOper = `<get><filter type="subtree"><install-oper-data xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-install-oper"/></filter></get>`

func TestGuardRPC(t *testing.T) {
	for _, good := range []struct {
		template  string
		arguments []string
		want      string
	}{
		{"<get-software-information/>", nil, "<get-software-information/>"},
		{installOper, nil, installOper},
		{"<get-sha256-checksum-information><path>{file}</path></get-sha256-checksum-information>", []string{"/var/tmp/x.tgz"},
			"<get-sha256-checksum-information><path>/var/tmp/x.tgz</path></get-sha256-checksum-information>"},
	} {
		c, err := NETCONF.command(good.template, false, good.arguments...)
		if err != nil || c.String() != good.want {
			t.Errorf("%s: %q, %v", good.template, c, err)
		}
	}
	for _, bad := range []string{
		"", "get-software-information", "show version", "<edit-config/>", "<kill-session/>", "<copy-config/>", "<commit/>", "<lock/>", "<action/>", "<request-reboot/>",
		"<request-package-add/>", "<get/>", "<get-config><source><running/></source></get-config>", "<get><filter/></get>", "<get><config/></get>",
		"<get-software-information/><request-reboot/>", "<get-software-information/>]]>]]><rpc/>", "<get-software-information>", "<!-- --><request-reboot/>",
		"<!DOCTYPE x><get-software-information/>", " <get-software-information/>", "<file-delete><path>/x</path></file-delete>", "<command>show version</command>",
	} {
		if c, err := NETCONF.command(bad, false); err == nil {
			t.Errorf("%q was let through as %q", bad, c)
		}
	}
}

// FuzzGuardRPC holds that whatever a device names, one reading operation goes out, and what it named is text in it.
func FuzzGuardRPC(f *testing.F) {
	for _, seed := range []string{"/var/tmp/x.tgz", "</path></file-list><request-reboot/>", "]]>]]>", "&lt;", "<![CDATA[x", "\n#1\nx"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, argument string) {
		c, err := NETCONF.command("<file-list><path>{directory}</path></file-list>", false, argument)
		if err != nil {
			return
		}
		root, err := parseXML(c.String())
		if err != nil {
			t.Fatal(err)
		}
		if path, _ := root.Value("path"); root.Name != "file-list" || len(root.Children) != 1 || len(root.Children[0].Children) != 0 || path != argument {
			t.Errorf("%q became %q", argument, c)
		}
	})
}

func TestRPCRefusal(t *testing.T) {
	of := func(tag, severity, message string) string {
		return `<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1"><rpc-error><error-type>protocol</error-type><error-tag>` + tag +
			`</error-tag><error-severity>` + severity + `</error-severity><error-message>` + message + `</error-message></rpc-error></rpc-reply>`
	}
	for _, test := range []struct {
		name, text string
		want       facts.Reason
	}{
		{"an answer", `<rpc-reply message-id="1"><software-information/></rpc-reply>`, ""},
		{"a warning", of("operation-failed", "warning", "statement not found"), ""},
		{"an operation that is not known", of("operation-not-supported", "error", ""), facts.UnsupportedCommand},
		{"Junos does not know it", of("operation-failed", "error", "\nsyntax error, expecting &lt;candidate/&gt;\n"), facts.UnsupportedCommand},
		{"Junos does not allow it", of("operation-failed", "error", "permission denied"), facts.NoPrivilege},
		{"access", of("access-denied", "error", ""), facts.NoPrivilege},
		{"a state that passes", of("resource-denied", "error", ""), facts.Timeout},
		{"anything else", of("operation-failed", "error", "disk on fire"), facts.ParseIncomplete},
		{"the word alone", `<rpc-reply message-id="1"><note>&lt;rpc-error&gt;</note></rpc-reply>`, ""},
	} {
		got := facts.Reason("")
		if r := rpcRefusal(Reply{Text: test.text}); r != nil {
			got = r.Reason
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestXML(t *testing.T) {
	root, err := Reply{Text: "<?xml version=\"1.0\"?>\n<a xmlns=\"urn:x\">\n <b> one </b>\n <c><b>two</b></c>\n</a>\n"}.XML()
	if err != nil {
		t.Fatal(err)
	}
	want := &Element{Name: "a", Line: 2, Children: []*Element{
		{Name: "b", Text: "one", Line: 3}, {Name: "c", Line: 4, Children: []*Element{{Name: "b", Text: "two", Line: 4}}},
	}}
	if diff := cmp.Diff(want, root); diff != "" {
		t.Error(diff)
	}
	if spread, err := (Reply{Text: "<a>\n <b>\n\n  7.0.2\n </b>\n</a>"}).XML(); err != nil || spread.Children[0].Line != 4 || spread.Children[0].Text != "7.0.2" {
		t.Errorf("a text on a line of its own: %+v, %v", spread, err)
	}
	dated, err := Reply{Text: "<a xmlns:j=\"urn:j\"><b j:seconds=\"5\" xmlns=\"urn:b\">now</b></a>"}.XML()
	if err != nil || len(dated.Attributes) != 0 || !maps.Equal(dated.Children[0].Attributes, map[string]string{"seconds": "5"}) {
		t.Errorf("attributes: %+v, %v", dated, err)
	}
	var texts []string
	for e := range root.All("b") {
		texts = append(texts, e.Text)
	}
	if diff := cmp.Diff([]string{"one", "two"}, texts); diff != "" {
		t.Error(diff)
	}
	if text, line := root.Value("c", "b"); text != "two" || line != 4 {
		t.Errorf("%q in line %d", text, line)
	}
	if text, line := root.Value("c", "x", "b"); text != "" || line != 0 {
		t.Errorf("%q in line %d", text, line)
	}
	for name, text := range map[string]string{
		"nothing":                "",
		"a text":                 "show version",
		"cut":                    "<a><b>17.9",
		"cut between elements":   "<a><b/>",
		"wrongly nested":         "<a><b></a></b>",
		"two documents":          "<a/><a/>",
		"text behind it":         "<a/>x",
		"an entity of its own":   `<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>`,
		"an unknown entity":      "<a>&e;</a>",
		"a document type":        `<!DOCTYPE a SYSTEM "http://192.0.2.1/x"><a/>`,
		"deep":                   strings.Repeat("<a>", deepestElement+1) + strings.Repeat("</a>", deepestElement+1),
		"many":                   "<a>" + strings.Repeat("<b/>", mostElements) + "</a>",
		"the delimiter of 1.0":   "<a/>]]>]]>",
		"a chunk of framing 1.1": "\n#4\n<a/>",
	} {
		if root, err := (Reply{Text: text}).XML(); err == nil {
			t.Errorf("%s was read as %+v", name, root)
		}
	}
}

// FuzzXML holds that no text brings the reader down and that each element's line is one of the reply.
func FuzzXML(f *testing.F) {
	for _, seed := range []string{"<a><b>x</b></a>", "<a", "<a>&amp;&#65;</a>", "<a><![CDATA[<b>]]></a>", "\ufeff<a/>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := parseXML(text)
		if err != nil {
			return
		}
		lines := strings.Count(text, "\n") + 1
		var check func(*Element)
		check = func(e *Element) {
			if e.Line < 1 || e.Line > lines {
				t.Errorf("%s is in line %d of %d", e.Name, e.Line, lines)
			}
			for _, c := range e.Children {
				check(c)
			}
		}
		check(root)
	})
}

func TestRPCReader(t *testing.T) {
	p := Platform{Queries: map[Transport][]Query{NETCONF: {
		{Commands: []string{"<file-list><path>{directory}</path><detail/></file-list>"}, Yields: []facts.Kind{facts.File}},
		{Commands: []string{installOper}, Yields: []facts.Kind{facts.Package}},
	}}}
	for command, want := range map[string]facts.Kind{
		"netconf file-list": facts.File, "<file-list><path>/var/tmp</path></file-list>": facts.File,
		"netconf get install-oper-data": facts.Package, "netconf get system-time install-oper-data": facts.Package, "xml get install-oper-data": facts.Package, installOper: facts.Package,
		"netconf get": "", "show version": "", "": "", "netconf ": "",
	} {
		got := facts.Kind("")
		if q, ok := p.Reader(NETCONF, command); ok {
			got = q.Yields[0]
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", command, got, want)
		}
	}
}
