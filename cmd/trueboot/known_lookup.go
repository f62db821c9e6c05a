package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trueboot/baseline"
	"trueboot/baseline/imagedb"
	"trueboot/baseline/known"
	"trueboot/reports"
)

// A lookup is what is known about one argument.
type lookup struct {
	Asked   string       `json:"asked"`
	Image   *known.Image `json:"image,omitempty"` // of a file that is here
	Digest  string       `json:"digest,omitempty"`
	Matches []knownMatch `json:"matches"`          // of the digest, or of the name where nothing else was given
	Others  []knownMatch `json:"others,omitempty"` // of the file's name, with other digests
}

// A knownMatch is one row, as it is shown.
type knownMatch struct {
	Name       string              `json:"name"`
	Size       int64               `json:"size,omitempty"`
	Vendor     string              `json:"vendor,omitempty"`
	Product    string              `json:"product,omitempty"`
	Version    string              `json:"version,omitempty"`
	Kind       string              `json:"kind,omitempty"`
	Bundle     string              `json:"bundle,omitempty"`
	Status     string              `json:"status,omitempty"`
	Withdrawn  bool                `json:"withdrawn,omitempty"`
	Digests    []string            `json:"digests"`
	Provenance baseline.Provenance `json:"provenance"`
	Source     int                 `json:"source"`
	File       string              `json:"file"`
	Line       int                 `json:"line,omitempty"`
	Vouched    string              `json:"vouched,omitempty"`
	Since      time.Time           `json:"imported"`
}

func knownMatches(all []known.Match) []knownMatch {
	matches := make([]knownMatch, len(all))
	for i, m := range all {
		matches[i] = knownMatch{
			Name: m.Name, Size: m.Size, Vendor: m.Vendor, Product: m.Product, Version: m.Version, Kind: m.Kind, Bundle: m.Bundle, Status: m.Status, Withdrawn: m.Withdrawn(),
			Provenance: m.Source.Provenance, Source: m.Source.Number, File: m.Source.File, Line: m.Line, Vouched: m.Source.Vouched, Since: m.Source.At,
		}
		for _, d := range m.Digests {
			matches[i].Digests = append(matches[i].Digests, d.String())
		}
	}
	return matches
}

// lookUp takes an argument as a digest, as a file that is here, or as the name of an image.
func lookUp(store *imagedb.Store, argument string) (lookup, error) {
	l := lookup{Asked: argument}
	if d, err := known.ParseDigest(argument); err == nil {
		l.Digest = d.String()
		found, err := store.ByDigest(d)
		l.Matches = knownMatches(found)
		return l, err
	}
	info, err := os.Stat(argument)
	if err != nil || !info.Mode().IsRegular() {
		found, err := store.ByName(filepath.Base(argument))
		l.Matches = knownMatches(found)
		return l, err
	}
	image, err := known.ReadFile(argument)
	if err != nil {
		return l, err
	}
	l.Image = &image
	var found []known.Match
	for _, d := range slices.Backward(image.Digests) { // the strongest stands last
		matches, err := store.ByDigest(d)
		if err != nil {
			return l, err
		}
		for _, m := range matches {
			if !slices.ContainsFunc(found, func(have known.Match) bool {
				return have.Source.Number == m.Source.Number && have.Line == m.Line && have.Name == m.Name
			}) {
				found = append(found, m)
			}
		}
	}
	l.Matches = knownMatches(found)
	named, err := store.ByName(image.Name)
	named = slices.DeleteFunc(named, func(m known.Match) bool { return m.Agrees(image.Digests) })
	l.Others = knownMatches(named)
	return l, err
}

func (l lookup) status() int {
	switch {
	case len(l.Others) > 0 && len(l.Matches) == 0, slices.ContainsFunc(l.Matches, func(m knownMatch) bool { return m.Withdrawn }):
		return statusFail
	case len(l.Matches) == 0:
		return statusNotAssessed
	}
	return statusPass
}

func (l lookup) write(w io.Writer) {
	fmt.Fprintf(w, "%s\n", reports.Printable(l.Asked, 300))
	if l.Image != nil {
		fmt.Fprintf(w, "  %d bytes", l.Image.Size)
		if l.Image.Version != "" {
			fmt.Fprintf(w, ", says that it is %s", reports.Printable(strings.TrimSpace(l.Image.Vendor+" "+l.Image.Product+" "+l.Image.Version), 200))
		}
		fmt.Fprintln(w)
		for _, d := range l.Image.Digests {
			fmt.Fprintf(w, "  %s\n", d)
		}
	}
	if len(l.Matches) == 0 {
		fmt.Fprintln(w, "  known to nobody")
	}
	for _, m := range l.Matches {
		m.write(w, "is ")
	}
	for _, m := range l.Others {
		m.write(w, "BEARS THE NAME of, but has another digest than, ")
	}
}

func (m knownMatch) write(w io.Writer, is string) {
	words := []string{}
	for _, word := range []string{m.Vendor, m.Product, m.Version, m.Kind} {
		if word != "" {
			words = append(words, word)
		}
	}
	name := m.Name
	if name == "" {
		name = "a file without a name"
	}
	text := is + name
	if len(words) > 0 {
		text += " (" + strings.Join(words, " ") + ")"
	}
	if m.Bundle != "" {
		text += " of " + m.Bundle
	}
	if m.Withdrawn {
		text += ", WITHDRAWN by its vendor"
	}
	if m.Status != "" {
		text += ", status " + m.Status
	}
	fmt.Fprintf(w, "  %s\n", reports.Printable(text, 500))
	fmt.Fprintf(w, "    %s: source %d, %s", m.Provenance, m.Source, reports.Printable(m.File, 200))
	if m.Line > 0 {
		fmt.Fprintf(w, ", line %d", m.Line)
	}
	fmt.Fprintln(w)
	if strings.HasPrefix(m.Vouched, "UNSIGNED") {
		fmt.Fprintf(w, "    %s\n", reports.Printable(m.Vouched, 300))
	}
	if len(m.Digests) == 1 && strings.HasPrefix(m.Digests[0], "md5:") {
		fmt.Fprintln(w, "    only its MD5 is known, which does not withstand somebody who makes two files of one MD5")
	}
}
