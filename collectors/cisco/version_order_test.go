package cisco

import (
	"testing"

	"trueboot/facts"
)

func TestVersionInName(t *testing.T) {
	for path, want := range map[string]string{
		"flash:c3900-universalk9-mz.SPA.151-4.M8.bin":                             "15.1(4)M8",
		"flash:/c180x-advipservicesk9-mz.124-6.T2.bin":                            "12.4(6)T2",
		"c2600-i-mz.123-6f.bin":                                                   "12.3(6f)",
		"c2500-i-l.112-17":                                                        "11.2(17)",
		"flash:c2960-lanbase-mz.122-25.SEE2.bin":                                  "12.2(25)SEE2",
		"bootdisk:s2t54-adventerprisek9-mz.SPA.155-1.SY4.bin":                     "15.5(1)SY4",
		"sup-bootdisk:s72033-ipservicesk9-mz.122-18.SXF7.bin":                     "12.2(18)SXF7",
		"bootflash:c7600rsp72043-advipservicesk9-mz.150-1.S2.bin":                 "15.0(1)S2",
		"flash0:ir800-universalk9-bundle.SPA.159-3.M.bin":                         "15.9(3)M",
		"flash:/ap3g2-k9w7-mz.153-3.JF5/ap3g2-k9w7-mz.153-3.JF5":                  "15.3(3)JF5",
		"flash:c2960l-universalk9-mz.152-7.E2/c2960l-universalk9-mz.152-7.E2.bin": "15.2(7)E2",
		"flash:c3750-ipbasek9-tar.122-55.SE12.tar":                                "12.2(55)SE12",
		"flash:c2900-universalk9-mz.SPA.157-3.M4b.bin":                            "15.7(3)M4b",
		"bootflash:isr4300-universalk9.16.09.03.SPA.bin":                          "16.09.03",
		"bootflash:isr4300-universalk9.03.16.04b.S.155-3.S4b-ext.SPA.bin":         "03.16.04b.S",
		"bootflash:asr920-universalk9_npe.03.18.03b.SP.156-2.SP3b-ext.bin":        "03.18.03b.SP",
		"flash:cat3k_caa-universalk9.SPA.03.06.06.E.152-2.E6.bin":                 "03.06.06.E",
		"flash:cat3k_caa-universalk9.SPA.03.03.05.SE.150-1.EZ5.bin":               "03.03.05.SE",
		"bootflash:asr1000rp2-adventerprisek9.03.09.01.S.153-2.S1.bin":            "03.09.01.S",
		"bootflash:csr1000v-mono-universalk9.03.14.01.S.155-1.S1-std.SPA.pkg":     "03.14.01.S",
		"flash:cat9k-rpbase.17.09.04a.SPA.pkg":                                    "17.09.04a",
		"bootflash:C9800-L-universalk9_wlc.17.03.04.SPA.bin":                      "17.03.04",
		"flash:cat9k_iosxe.17.03.04.CSCvz12345.SPA.smu.bin":                       "17.03.04",
		"flash:packages.conf":                                                     "",
		"flash0:/vios-adventerprisek9-m":                                          "",
		"flash:c3750e-universalk9-mz":                                             "",
		"bootflash:cat4000-i5s-mz.122_20_EWA_392":                                 "",
		"bootflash:cat9k_iosxe.BLD_POLARIS_DEV_LATEST_20180925_060118.SSA.bin":    "",
		"bootflash:cat9k_iosxe.17.12.20230427.SSA.bin":                            "",
		"unix:/opt/iol/i86bi-linux-l3-adventerprisek9-15.4.1T.bin":                "",
	} {
		got, ok := iosVersionInName(path)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", path, got, ok, want)
		}
		if _, parsed := parseVersion(got); ok && !parsed {
			t.Errorf("%s: %q has no place in the order of versions", path, got)
		}
	}
}

// FuzzVersionOrder tries the order on texts that are no versions: it must not panic, must say the same from both sides, and
// must have a reason where it does not know.
func FuzzVersionOrder(f *testing.F) {
	for _, pair := range [][2]string{
		{"15.2(4)M6a", "15.2(4)M7"}, {"15.2(4.0.55)E", "15.2(4.1.2.3)E"}, {"15.2(4.1.2.3.4.5)E", "15.2(4.1.2.3.4.5.6)E"}, {"17.09.04a", "17.9.4a.0.6"}, {"03.18.01.SP", "16.3.1"},
		{"17.18.1prd21", "17.18.1"}, {"12.2(8r) [cmong 8r]", "17.1.1[FC2]"}, {"", "x"}, {"12.2(33)SXH", "12.2(33)SXI"},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		order, why := iosOrder(a, b)
		back, _ := iosOrder(b, a)
		want := map[facts.Order]facts.Order{facts.Older: facts.Newer, facts.Newer: facts.Older, facts.Same: facts.Same, facts.Incomparable: facts.Incomparable}[order]
		if back != want {
			t.Errorf("%q to %q: %s, and back: %s", a, b, order, back)
		}
		if order == facts.Incomparable && why == "" {
			t.Errorf("%q to %q: not comparable, and no reason", a, b)
		}
		if self, _ := iosOrder(a, a); a != "" && self != facts.Same {
			t.Errorf("%q to itself: %s", a, self)
		}
	})
}

// FuzzVersionInName tries names: what is read out of one has to stand in it in that order of digits.
func FuzzVersionInName(f *testing.F) {
	for _, path := range []string{"flash:c3900-universalk9-mz.SPA.151-4.M8.bin", "flash:cat3k_caa-universalk9.SPA.03.06.06.E.152-2.E6.bin", "a/b:.151-4"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		version, ok := iosVersionInName(path)
		if _, parsed := parseVersion(version); ok != parsed {
			t.Errorf("%q: %q, %v", path, version, ok)
		}
	})
}
