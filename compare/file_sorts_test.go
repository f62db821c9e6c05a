package compare

import "testing"

func TestSortOf(t *testing.T) {
	for path, want := range map[string]fileSort{
		"flash:cat9k_iosxe.17.09.04a.SPA.bin":                                  imageFile,
		"flash:/cat9k-rpbase.17.09.04a.SPA.pkg":                                imageFile,
		"bootflash:packages.conf":                                              imageFile,
		"bootflash:csr1000v-packages-universalk9.03.14.01.S.155-1.S1-std.conf": imageFile,
		"flash:cat9k_iosxe.17.03.04.CSCvz12345.SPA.smu.bin":                    imageFile,
		"flash:c2800nm-adventerprisek9-mz.124-24.T":                            imageFile,
		"slot0:c2600-i-mz":                                                     imageFile,
		"disk0:/asa992-32-lfbff-k8.SPA":                                        imageFile,
		"bootflash:nxos.9.3.10.bin":                                            imageFile,
		"bootflash:guestshell.ova":                                             imageFile,
		"harddisk:asr9k-px-5.1.3.CSCut30136-1.0.0.pie":                         imageFile,
		"disk0:asr9k-os-mbi-6.1.4.10I/0x100305/mbiasr9k-rsp3.vm":               imageFile,
		"flash:/EOS-4.28.9M.swi":                                               imageFile,
		"flash:/.boot-image.swi":                                               imageFile,
		"flash:/boot-extensions":                                               imageFile,
		"flash:/AR610-V300R021C00SPC200.cc":                                    imageFile,
		"flash:/AR610_V300R021SPH180.PAT":                                      imageFile,
		"flash:/5130ei.ipe":                                                    imageFile,
		"/var/tmp/jinstall-ppc-18.4R3-S10-signed.tgz":                          imageFile,
		"/var/sw/pkg/junos-install-mx-x86-64-21.4R3-S5.4.tgz":                  imageFile,
		"/shared/images/BIGIP-16.1.3.3-0.0.3.iso":                              imageFile,
		"/packages/db/os-kernel-x86-64-20230315.e1d4b9a_builder_stable_12_213": imageFile,
		"re1:/packages/db/jdocs-x86-64-20.4R3":                                 imageFile,
		"/packages/db":                                                         otherFile,
		"/var/db/scripts/op/check":                                             executableFile,
		"/var/db/scripts/op":                                                   otherFile,
		"flash:/memleak.tcl":                                                   executableFile,
		"flash:/x/backdoor.lua":                                                executableFile,
		"/var/db/scripts/op/x.slax":                                            executableFile,
		"flash:/rc.eos":                                                        executableFile,
		"disk0:/client_bundle_1.zip":                                           archiveFile,
		"bootflash:/tracelogs/x_R0-0.1.gz":                                     archiveFile,
		"flash:/notes.txt":                                                     otherFile,
		"flash:/vlan.dat":                                                      otherFile,
		"bootflash:virtual-instance.conf":                                      otherFile,
		"flash:/my-notes-m":                                                    imageFile, // looks like an image of classic IOS: rather one too many
		"flash:/binary":                                                        otherFile,
		"flash:c2960x-universalk9-mz.152-7.E8/c2960x-universalk9-mz.152-7.E8.bin": imageFile,
		"flash:/c2960x-universalk9-mz.152-7.E8/html/images/warning.gif":           otherFile,
		"flash:/unpackages.conf.old":                                              otherFile,
		"flash:/EOS.swi.sha512":                                                   otherFile,
		"flash:/.extensions/TerminAttr-1.0.rpm":                                   imageFile,
		"flash:/s36si_e-cmw310-r1702p13-s168.bin":                                 imageFile,
		"flash:/a.so": executableFile,
	} {
		if got := sortOf(path); got != want {
			t.Errorf("%s is a %s, not a %s", path, got, want)
		}
	}
}

func TestChanges(t *testing.T) {
	for path, want := range map[string]bool{
		"bootflash:tracelogs/IOSRP_R0-0.7262_14.20211117101713.bin.gz": true,
		"bootflash:tracelogs/IOSRP_R0-0.7262_14.20211117101713.bin":    true,
		"bootflash:tracelogs/timestamp":                                true,
		"bootflash:tracelogs.394":                                      true,
		"bootflash:tracelogs/implant.bin":                              false,
		"bootflash:tracelogs/run.sh":                                   false,
		"stby-crashinfo:system-report_1_20240102-030405-UTC.tar.gz":    true,
		"crashinfo-2:x": true,
		"bootflash:core/router_RP_0_iomd_17818.core.gz": true,
		"bootflash:core/x.py":                           false,
		"bootflash:corelike":                            false,
		"flash:crashinfo_20240102-030405-UTC":           true,
		"/var/tmp/cleanup-pkgs.log":                     true, "/var/tmp/rtsdb/if-rtsdb": true, "re1:/var/tmp/idpd_err.date": true, "/var/tmp/.snap": true,
		"/var/tmp/x.log": false, "/var/tmp/rtsdb/x.sh": false, "/var/tmp/pics.tgz": false,
		"nvram:startup-config":      true,
		"stby-nvram:private-config": true,
		"nvram:x":                   false,
		"flash:config.text":         true,
		"flash:config.text.renamed": true,
		"flash:vlan.dat":            true,
		"flash:vlan.data":           false,
		"flash:dir/vlan.dat":        false,
		"flash:.installer/install_add_pkg_list.prev.txt": true,
		"flash:.installer/x.pkg":                         false,
		"bootflash:throughput_monitor_params":            true,
		"system:running-config":                          true,
		"logflash:log/messages":                          true,
		"bootflash:20190922_052903_poap_7826_init.log":   true,
		"flash:.checkpoints/ckp-20240713-5":              true,
		"flash:SsuRestoreLegacy.log":                     true,
		"flash:persist/messages":                         true,
		"flash:persist/secure/key":                       false,
		"flash:logfile/logfile1.log":                     true,
		"flash:$_checkpoint":                             true,
		"flash:vrpcfg.zip":                               true,
		"flash:startup.mdb":                              true,
		"disk0:coredumpinfo/coredump.cfg":                true,
		"bootflash://sup-2/lost+found":                   true, // another processor's
		"bootflash://sup-2/nxos.9.3.10.bin":              false,
		"disk0:csco_config/97/webcontent/x":              false,
		"/var/log/messages.0.gz":                         true,
		"/var/log/x.sh":                                  false,
		"/var/tmp/x":                                     false,
		"/config/juniper.conf.1.gz":                      true,
		"/config/scripts/x":                              false,
		"primary":                                        false,
	} {
		if got := changes(path); got != want {
			t.Errorf("%s changes by itself: %t, not %t", path, got, want)
		}
	}
}
