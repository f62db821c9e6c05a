package baseline

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A Member is a device as scopes see it: what the inventory says of it, and the models that it stated.
type Member struct {
	Device, Platform string
	Models           []string
	Role, Site       string
	Tags             []string
}

// A Scope says which devices a decision holds for. Every field that is set has to fit; the zero Scope fits all devices. Device,
// Model, Role, Site and Tag are patterns in which * stands for any text and ? for one character; case does not matter.
type Scope struct {
	Device   string `json:"device,omitempty"`
	Platform string `json:"platform,omitempty"`
	Model    string `json:"model,omitempty"`
	Role     string `json:"role,omitempty"`
	Site     string `json:"site,omitempty"`
	Tag      string `json:"tag,omitempty"`
}

type scopeField struct {
	name string
	text *string
}

// fields are the scope's fields by name, in the order in which they are written.
func (s *Scope) fields() []scopeField {
	return []scopeField{{"device", &s.Device}, {"platform", &s.Platform}, {"model", &s.Model}, {"role", &s.Role}, {"site", &s.Site}, {"tag", &s.Tag}}
}

// ParseScope reads "site=ams,role=edge". A text without "=" is a device's name or a pattern of names; "all" is the zero Scope.
func ParseScope(text string) (s Scope, err error) {
	if text == "all" {
		return s, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			name, value = "device", name
		}
		i := slices.IndexFunc(s.fields(), func(f scopeField) bool { return f.name == name })
		switch {
		case i < 0:
			return s, fmt.Errorf("scope %q: %q is none of device, platform, model, role, site and tag", text, name)
		case *s.fields()[i].text != "":
			return s, fmt.Errorf("scope %q: %s is named twice; all that is named has to fit", text, name)
		case value == "":
			return s, fmt.Errorf("scope %q: %s is empty; write \"all\" for all devices", text, name)
		}
		*s.fields()[i].text = value
	}
	return s, s.Valid()
}

// String writes the scope as ParseScope reads it.
func (s Scope) String() string {
	var parts []string
	for _, f := range s.fields() {
		if *f.text != "" {
			parts = append(parts, f.name+"="+*f.text)
		}
	}
	if len(parts) == 0 {
		return "all"
	}
	return strings.Join(parts, ",")
}

// Valid reports what keeps s from being stored.
func (s Scope) Valid() error {
	for _, f := range s.fields() {
		if *f.text == "" {
			continue
		}
		if err := validName("scope's "+f.name, *f.text); err != nil {
			return err
		}
		if strings.ContainsFunc(*f.text, func(r rune) bool { return r == ',' || r == '=' || unicode.IsSpace(r) }) {
			return fmt.Errorf("scope's %s %q: a comma, an equals sign and a space can't be part of it; ? stands for any character", f.name, *f.text)
		}
	}
	if strings.ContainsAny(s.Platform, "*?") {
		return errors.New("scope: a platform is named in full")
	}
	return nil
}

// Covers reports whether the scope fits a device.
func (s Scope) Covers(m Member) bool {
	fits := func(pattern string, texts ...string) bool {
		return pattern == "" || slices.ContainsFunc(texts, func(text string) bool { return Like(pattern, text) })
	}
	return fits(s.Device, m.Device) && (s.Platform == "" || s.Platform == m.Platform) && fits(s.Model, m.Models...) &&
		fits(s.Role, m.Role) && fits(s.Site, m.Site) && fits(s.Tag, m.Tags...)
}

// one reports whether the scope names a single device.
func (s Scope) one() bool { return s.Device != "" && !strings.ContainsAny(s.Device, "*?") }

// Like reports whether a text is what a pattern says: * stands for any text, ? for one character, and case does not matter.
func Like(pattern, text string) bool {
	p, t := []rune(strings.ToLower(pattern)), []rune(strings.ToLower(text))
	at, star, back := 0, -1, 0
	for i := 0; i < len(t); {
		switch {
		case at < len(p) && p[at] == '*':
			star, back = at, i
			at++
		case at < len(p) && (p[at] == '?' || p[at] == t[i]):
			at++
			i++
		case star >= 0: // the last star takes one character more
			back++
			at, i = star+1, back
		default:
			return false
		}
	}
	for at < len(p) && p[at] == '*' {
		at++
	}
	return at == len(p)
}
