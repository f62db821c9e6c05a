package juniper

import (
	"testing"

	"trueboot/facts"
)

func TestVersionInName(t *testing.T) {
	for path, want := range map[string]string{
		"/var/tmp/jinstall-ppc-18.4R3-S10-signed.tgz":                    "18.4R3-S10",
		"/var/tmp/jinstall-ex-4200-12.3R3.4-domestic-signed.tgz":         "12.3R3.4",
		"/var/tmp/jinstall64-12.3R12-S21-domestic-signed.tgz":            "12.3R12-S21",
		"/var/sw/pkg/junos-install-mx-x86-64-21.4R3-S5.4.tgz":            "21.4R3-S5.4",
		"junos-srxsme-15.1X49-D110.4-domestic.tgz":                       "15.1X49-D110.4",
		"junos-vmhost-install-mx-x86-64-20.2R1.10.tgz":                   "20.2R1.10",
		"junos-evo-install-ptx-fixed-x86-64-23.2R1.14-EVO.iso":           "23.2R1.14-EVO",
		"junos-evo-install-ptx-x86-64-20.2R1.10-EVO":                     "20.2R1.10-EVO",
		"vmhost-x86_64-19.4R3.11":                                        "19.4R3.11",
		"/packages/jbase-12.3R12.4":                                      "12.3R12.4",
		"jinstall-host-qfx-5-18.4R2-S9.1-signed.tgz":                     "18.4R2-S9.1",
		"install-media-qfx-5-14.1X53-D46.7.tgz":                          "",
		"/packages/sets/active":                                          "",
		"/var/tmp/jinstall.tgz":                                          "",
		"/var/tmp/21.4R3-S5.4":                                           "",
		"/var/log/messages-21.4R3":                                       "",
		"junos-evo-install-ptx-x86-64-19.4-201907170034.0-EVO":           "",
		"jinstall-vmx-14.1R1-20140101.0-domestic-signed.tgz":             "14.1R1",
		"/var/home/lab/junos-x86-64-22.4R3-S2.11.tgz.md5":                "22.4R3-S2.11",
		"junos-openconfig-x86-32-0.0.0.10-1.tgz":                         "",
		"/var/21.4R1/junos.tgz":                                          "",
		"/var/tmp/junos-arm-32-20.2R3.9.tgz":                             "20.2R3.9",
		"/var/tmp/junos-install-media-usb-srxmr-x86-64-22.2R3-S1.11.img": "22.2R3-S1.11",
	} {
		if got, ok := versionInName(path); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t; want %q", path, got, ok, want)
		}
	}
}

// FuzzVersionInName holds that a version in a name is one that can be ordered.
func FuzzVersionInName(f *testing.F) {
	f.Add("junos-install-mx-x86-64-21.4R3-S5.4.tgz")
	f.Add("jinstall-ex-4200-15.1X53-D590.1-domestic-signed.tgz")
	f.Fuzz(func(t *testing.T, path string) {
		version, ok := versionInName(path)
		if !ok {
			return
		}
		if got, why := order(version, version+".x"); got != facts.Incomparable || why == "" {
			t.Errorf("%q is %s to itself with a tail", version, got)
		}
		if _, known := parseVersion(version); !known {
			t.Errorf("%q of %q is no version", version, path)
		}
	})
}

func TestChecks(t *testing.T) {
	states := func(all ...facts.Fact) facts.Set { return facts.Set{Facts: all} }
	model := func(name string) facts.Fact { return facts.Fact{Kind: facts.Model, Value: name} }
	system := func(name string) facts.Fact { return facts.Fact{Kind: facts.OperatingSystem, Value: name} }
	role := func(of, value string) facts.Fact {
		return facts.Fact{Kind: facts.ComponentRole, Subject: of, Value: value}
	}
	for name, test := range map[string]struct {
		unless func(facts.Set) string
		set    facts.Set
		asked  bool
	}{
		"a model that is not known":              {notDualRoot, states(), true},
		"a branch firewall":                      {notDualRoot, states(model("srx345")), true},
		"an old switch":                          {notDualRoot, states(model("EX4200-48T")), true},
		"a newer switch":                         {notDualRoot, states(model("ex3400-48p")), false},
		"a newer switch of an old name":          {notDualRoot, states(model("ex4300-48mp")), false},
		"a router":                               {notDualRoot, states(model("mx480")), false},
		"a big firewall":                         {notDualRoot, states(model("srx5800")), false},
		"a router has no cluster":                {notFirewall, states(model("mx480")), false},
		"a virtual firewall may have one":        {notFirewall, states(model("vSRX")), true},
		"a firewall is in no virtual chassis":    {noVirtualChassis, states(model("srx345")), false},
		"a router may be in one":                 {noVirtualChassis, states(model("mx480")), true},
		"a virtual chassis is":                   {noVirtualChassis, states(model("Virtual Chassis")), true},
		"Evolved lists its versions":             {notEvolved, states(system(evolved)), true},
		"Junos does not":                         {notEvolved, states(system("Junos OS")), false},
		"a virtual machine is no VM host":        {noVMHost, states(model("vmx")), false},
		"a switch of one partition is none":      {noVMHost, states(model("ex4200-48t")), false},
		"Evolved is none":                        {noVMHost, states(system(evolved)), false},
		"a router may be one":                    {noVMHost, states(model("mx480")), true},
		"snapshots of a router":                  {noSnapshot, states(model("mx480")), true},
		"not of a branch firewall":               {noSnapshot, states(model("srx345")), false},
		"sets of packages where nothing is told": {bootsOtherwise, states(model("mx480")), true},
		"not beside a partition":                 {bootsOtherwise, states(facts.Fact{Kind: facts.RunningImage, Value: "da0s1a"}), false},
		"roles that are not known":               {oneRoutingEngine, states(), true},
		"two routing engines":                    {oneRoutingEngine, states(role("re0", "Master"), role("re1", "Backup")), true},
		"one routing engine":                     {oneRoutingEngine, states(role("re0", "Master")), false},
		"a routing engine without a slot":        {oneRoutingEngine, states(facts.Fact{Kind: facts.Component, Subject: "node0 routing engine", Value: "RE-SRX345"}), false},
		"members of a virtual chassis":           {oneRoutingEngine, states(role("re0", "Master"), role("re1", "Backup"), role("fpc0", "Master"), role("fpc1", "Backup")), false},
	} {
		if why := test.unless(test.set); (why == "") != test.asked {
			t.Errorf("%s: %q", name, why)
		}
	}
}

func TestOtherMembers(t *testing.T) {
	set := facts.Set{Facts: []facts.Fact{
		{Kind: facts.ComponentRole, Subject: "re0", Value: "Master"}, {Kind: facts.ComponentRole, Subject: "re1", Value: "Backup"},
		{Kind: facts.ComponentRole, Subject: "x;y", Value: "Backup"}, {Kind: facts.RunningImage, Value: packageSets + "/active"},
	}}
	directories := fileDirectories(set)
	if last := directories[len(directories)-1]; last != "re1:/var/tmp/" {
		t.Errorf("the last directory is %q", last)
	}
	if sets := otherPackageSets(set); len(sets) != 1 || sets[0] != "re1:/packages/sets/" {
		t.Errorf("sets of packages: %q", sets)
	}
	set.Facts = append(set.Facts, facts.Fact{Kind: facts.ComponentRole, Subject: "fpc1", Value: "Backup"}, facts.Fact{Kind: facts.ComponentRole, Subject: "fpc2", Value: "Linecard"})
	directories = fileDirectories(set)
	if last := directories[len(directories)-1]; last != "fpc2:/var/tmp/" {
		t.Errorf("the last directory of a virtual chassis is %q", last)
	}
}

func TestHashable(t *testing.T) {
	file := func(path, mode string) []facts.Fact {
		return []facts.Fact{{Kind: facts.File, Subject: path, Value: "1"}, {Kind: facts.FilePermissions, Subject: path, Value: mode}}
	}
	var set facts.Set
	for path, mode := range map[string]string{
		"/var/sw/pkg/junos-install-mx-x86-64-21.4R3-S5.4.tgz": "-rw-r--r--", "/packages/jbase": "lrwxr-xr-x", "/var/tmp/junos": "-rw-r--r--",
		"/packages/jbase-12.3R12.4.sha1": "-rw-r--r--", "/packages/sets/active": "drwxr-xr-x", "re1:/var/tmp/jinstall-18.4R1.tgz": "-rw-r--r--", "/var/tmp/x.log": "-rw-r--r--",
	} {
		set.Facts = append(set.Facts, file(path, mode)...)
	}
	if hashable(facts.Set{}) != nil {
		t.Error("files to hash, and nothing is known")
	}
	if got := hashable(set); len(got) != 1 || got[0] != "/var/sw/pkg/junos-install-mx-x86-64-21.4R3-S5.4.tgz" {
		t.Errorf("hashable: %q", got)
	}
}
