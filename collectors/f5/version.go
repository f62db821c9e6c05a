package f5

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var versionYields = []facts.Kind{
	facts.OperatingSystem, facts.RunningVersion, facts.ComponentVersion, facts.BuildID, facts.ReleaseType, facts.CompileTime, facts.Package, facts.PackageState,
}

// versionPair is a line of the main package.
//
//	Version     16.1.3.3
//	Edition     Point Release 3
var versionPair = collectors.MustCompile(`^\s+(Product|Version|Build|Edition|Date)\s{2,}(\S.*)$`)

// readVersion reads "show sys version": the main package. A hotfix is a package on it, with the build that it made of it; the
// bugs that it fixed, of which there may be hundreds, say no more than that.
//
//	Sys::Version
//	Main Package
//	  Product     BIG-IP
//	  Version     11.6.0
//	  Build       6.204.442
//	  Edition     Hotfix HF6
//	  Date        Thu Oct 22 14:53:28 PDT 2015
//
//	Hotfix List
//	ID411742-2  ID442535-1
func readVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r                       collectors.Reading
		section                 string
		product, version, build string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := versionPair.FindStringSubmatch(line)
		switch {
		case text == "":
		case line[0] != ' ' && line[0] != '\t':
			section = text
		case m == nil || section != "Main Package":
		case m[1] == "Product":
			product = m[2]
			r.Add(n, facts.OperatingSystem, "", product)
		case m[1] == "Version":
			version = m[2]
			r.Add(n, facts.RunningVersion, "", version)
		case m[1] == "Build":
			build = m[2]
			r.Add(n, facts.BuildID, "", build)
			if product != "" && version != "" {
				r.Add(n, facts.ComponentVersion, product, withBuild(version, build))
			}
		case m[1] == "Edition":
			r.Add(n, facts.ReleaseType, "", m[2])
			if hotfix := withBuild(version, build); hotfix != "" && strings.Contains(strings.ToLower(m[2]), "hotfix") {
				r.Add(n, facts.Package, m[2], hotfix)
				r.Add(n, facts.PackageState, m[2], "activated and committed")
			}
		case m[1] == "Date":
			r.Add(n, facts.CompileTime, "", m[2])
		}
	}
	for _, must := range []facts.Kind{facts.RunningVersion, facts.BuildID} {
		if !r.Has(must, "") {
			r.Problem("no %s in the reply", must)
		}
	}
	return r.Done()
}

// withBuild joins version and build, which most replies state apart, as people write them: "16.1.3.3 Build 0.0.3".
func withBuild(version, build string) string {
	if version == "" || version == "none" || build == "" || build == "none" {
		return ""
	}
	return version + " Build " + build
}
