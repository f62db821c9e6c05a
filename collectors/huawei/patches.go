package huawei

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var patchYields = []facts.Kind{facts.Package, facts.PackageState}

var (
	// Patch Package Name    :flash:/RPG_PNFV600R021SPH001.PAT
	// Pack file name     : flash:/patch.pat
	patchName = collectors.MustCompile(`^(?i:patch package name|pack file name|patch file name) *: *(\S.*)$`)

	// Patch Package Version :V600R021SPH001
	// Patch version    :    V200R019SPH010
	// Service pack Version:V200R001SPH002
	patchVersion = collectors.MustCompile(`^(?i:(?:patch(?: package)?|service pack) version) *: *(\S.*)$`)

	// Patch Package State   :Running
	// The current state is: Running
	patchState = collectors.MustCompile(`^(?i:patch package state|the current state is) *: *(\S.*)$`)

	// Info: No patch exists.
	noPatch = collectors.MustCompile(`(?i)\bno patch (?:exists|information|package)|\bpatch(?: file| package)? does not exist`)
)

// patchStates are Huawei's words for the states of a patch. A running patch runs again after a restart, an active one does
// not; a deactive one is loaded and an idle one only stored.
var patchStates = map[string]string{
	"running": "activated and committed", "run": "activated and committed",
	"active": "activated and uncommitted", "activated": "activated and uncommitted", "actived": "activated and uncommitted",
	"deactive": "inactive", "deactived": "inactive", "deactivated": "inactive", "idle": "inactive",
}

// readPatches reads "display patch-information".
func readPatches(reply collectors.Reply) ([]facts.Fact, error) {
	type patch struct {
		name, version, state       string
		nameAt, versionAt, stateAt int
	}
	var (
		r       collectors.Reading
		patches []patch
		none    int
	)
	open := func(starts bool) *patch { // the patch that a line is about
		if len(patches) == 0 || starts {
			patches = append(patches, patch{})
		}
		return &patches[len(patches)-1]
	}
	last := func() patch {
		if len(patches) == 0 {
			return patch{}
		}
		return patches[len(patches)-1]
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := patchName.FindStringSubmatch(text); m != nil {
			p := open(last().name != "")
			p.name, p.nameAt = m[1], n
		} else if m := patchVersion.FindStringSubmatch(text); m != nil {
			p := open(last().version != "")
			p.version, p.versionAt = m[1], n
		} else if m := patchState.FindStringSubmatch(text); m != nil {
			if len(patches) == 0 && strings.EqualFold(m[1], "idle") {
				continue // of the patch area, with nothing in it
			}
			p := open(false)
			if p.state != "" && !strings.EqualFold(p.state, m[1]) {
				r.Problem("line %d: the patch is %q and was %q in line %d", n, m[1], p.state, p.stateAt)
			}
			p.state, p.stateAt = m[1], n
		} else if noPatch.MatchString(text) {
			none = n
		}
	}
	for _, p := range patches {
		subject := p.name
		if subject == "" {
			subject = p.version
		}
		if subject == "" || p.version == "" || p.state == "" {
			r.Problem("a patch with name %q, version %q and state %q", p.name, p.version, p.state)
		}
		if subject == "" {
			continue
		}
		state, ok := patchStates[strings.ToLower(p.state)]
		if !ok {
			state = p.state
		}
		r.Add(p.versionAt, facts.Package, subject, p.version)
		r.Add(p.stateAt, facts.PackageState, subject, state)
	}
	switch {
	case none > 0 && len(patches) > 0:
		r.Problem("line %d says that there is no patch, and another line names one", none)
	case none > 0:
		r.Add(none, facts.PackageState, "", "none")
	case len(patches) == 0:
		r.Problem("no patch in the reply, nor that there is none")
	}
	return r.Done()
}
