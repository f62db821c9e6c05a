package inventory

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Select returns the devices that a limit and tags leave, in the order of the file.
//
// A limit is a list of patterns with commas between them: "core*,edge-?", without regard to
// case. "!lab*" takes devices out again, wherever it stands; where every pattern does, they are taken out of
// all devices. "@retry" stands for the devices that named returns for "retry"; names that the
// inventory no longer has are passed over. An empty limit means all.
//
// With tags, a device must have each of them.
//
// A pattern, list or tag that no device has is an error, and so is a selection of none: a
// sweep that looks at nothing must not end well.
func (i *Inventory) Select(limit string, tags []string, named func(list string) ([]string, error)) ([]Device, error) {
	var include, exclude []func(Device) bool
	for term := range strings.SplitSeq(limit, ",") {
		term = strings.TrimSpace(term)
		if term == "" {
			continue
		}
		pattern, out := strings.CutPrefix(term, "!")
		matches, err := i.term(pattern, named)
		if err != nil {
			return nil, fmt.Errorf("limit: %w", err)
		}
		if out {
			exclude = append(exclude, matches)
		} else {
			include = append(include, matches)
		}
	}
	for _, tag := range tags {
		if err := i.checkTag(tag); err != nil {
			return nil, err
		}
	}

	var selected []Device
	for _, device := range i.Devices {
		matches := func(term func(Device) bool) bool { return term(device) }
		if len(include) > 0 && !slices.ContainsFunc(include, matches) || slices.ContainsFunc(exclude, matches) {
			continue
		}
		if slices.ContainsFunc(tags, func(tag string) bool { return !slices.Contains(device.Tags, tag) }) {
			continue
		}
		selected = append(selected, device)
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("the limit %s and the tags %s together leave no device of %s", quote(limit), quote(strings.Join(tags, ",")), i.Path)
	}
	return selected, nil
}

// term returns the test that one pattern or list of a limit stands for.
func (i *Inventory) term(pattern string, named func(string) ([]string, error)) (func(Device) bool, error) {
	var matches func(Device) bool
	if list, ok := strings.CutPrefix(pattern, "@"); ok {
		if named == nil {
			return nil, fmt.Errorf("%s: there are no lists here", quote(pattern))
		}
		names, err := named(list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", quote(pattern), err)
		}
		wanted := make(map[string]bool, len(names))
		for _, name := range names {
			wanted[name] = true
		}
		matches = func(d Device) bool { return wanted[d.Name] }
		if !slices.ContainsFunc(i.Devices, matches) {
			return nil, fmt.Errorf("%s holds %d names and no device of %s", quote(pattern), len(names), i.Path)
		}
		return matches, nil
	}

	glob := strings.ToLower(pattern)
	if _, err := path.Match(glob, ""); err != nil || glob == "" {
		return nil, fmt.Errorf("%s is not a pattern: want a name, with * for any letters, ? for one, [ab] for one of several", quote(pattern))
	}
	matches = func(d Device) bool {
		ok, _ := path.Match(glob, strings.ToLower(d.Name)) // the pattern is a good one
		return ok
	}
	if !slices.ContainsFunc(i.Devices, matches) {
		names := make([]string, len(i.Devices))
		for n, device := range i.Devices {
			names[n] = device.Name
		}
		return nil, fmt.Errorf("no device of %s matches %s; %s", i.Path, quote(pattern), Suggest(pattern, names))
	}
	return matches, nil
}

func (i *Inventory) checkTag(tag string) error {
	if tag == "" {
		return errors.New("a tag is empty")
	}
	var known []string
	seen := map[string]bool{}
	for _, device := range i.Devices {
		for _, t := range device.Tags {
			if t == tag {
				return nil
			}
			if !seen[t] {
				seen[t] = true
				known = append(known, t)
			}
		}
	}
	return fmt.Errorf("no device of %s has the tag %s; %s", i.Path, quote(tag), Suggest(tag, known))
}
