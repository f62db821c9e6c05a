package compare

import (
	"regexp"
	"strings"
)

// What a file is good for, told by its name alone: nothing else of a file that nobody approved is
// known without pulling it.
type fileSort int

const (
	otherFile fileSort = iota
	archiveFile
	executableFile // a script, a program or a library
	imageFile      // what a device can boot or install
)

// executable says whether the device could run the file.
func (s fileSort) executable() bool { return s == executableFile || s == imageFile }

func (s fileSort) String() string {
	return [...]string{"file", "archive", "script or program", "image or package"}[s]
}

// sortOfExtension tells a file's sort by what stands behind the last point of its name, in small letters.
var sortOfExtension = byWord(map[fileSort]string{
	// cat9k_iosxe.17.09.04a.SPA.bin
	// c2960x-universalk9-mz.152-7.E8.bin
	// cat9k-rpbase.17.09.04a.SPA.pkg
	// asa984-10-lfbff-k8.SPA
	// asr9k-px-5.1.3.CSCut30136-1.0.0.pie
	// EOS-4.28.9M.swi
	// AR610-V300R021C00SPC200.cc
	// 5130ei-cmw710-boot-r3507p18.bin
	// FGT_60F-v7.4.8.F-build2795-FORTINET.out
	// BIGIP-16.1.3.3-0.0.3.iso
	imageFile: "bin gbin upg pkg spa ssa swi swix rpm deb pie vm cc pat mod ipe out app iso img im ova qcow2 smu",
	// memleak.tcl
	// no_config_check.py
	// commit-check.slax
	executableFile: "tcl tbc py pyc pyo sh bash csh pl lua rb js awk exp slax xsl xslt bat elf so ko exe",
	// ccpexp.tar
	// client_bundle_1.zip
	archiveFile: "tar tgz gz bz2 xz zst zip 7z rar cpio jar",
})

// byWord turns lists of words round.
func byWord(lists map[fileSort]string) map[string]fileSort {
	sorts := map[string]fileSort{}
	for sort, words := range lists {
		for word := range strings.FieldsSeq(words) {
			sorts[word] = sort
		}
	}
	return sorts
}

var (
	// packages.conf
	// csr1000v-packages-universalk9.03.14.01.S.155-1.S1-std.conf
	// boot-extensions
	// c2800nm-adventerprisek9-mz.124-24.T
	// c2600-i-mz
	// jinstall-ppc-18.4R3-S10-signed.tgz
	// junos-install-mx-x86-64-21.4R3-S5.4.tgz
	imageName = regexp.MustCompile(`(?i)^(?:(?:[\w.-]+-)?packages(?:-[\w.-]+)?\.conf|boot-extensions|[a-z][a-z0-9]+(?:-[a-z0-9_]+)+-m[zxc]?(?:\.[\w.-]+)?|j(?:install|unos|bundle|loader|vmhost)[\w.-]*\.(?:tgz|tar))$`)

	// rc.eos
	scriptName = regexp.MustCompile(`(?i)^rc\.(?:eos|local)$`)
)

// What lies in these directories runs, whatever it is called.
var (
	// /packages/db/os-kernel-x86-64-20230315.e1d4b9a_builder_stable_12_213
	packagePlace = regexp.MustCompile(`^(?:[^/:]+:)?/?packages/(?:db|sets)/[^/]+$`)

	// /var/db/scripts/op/check
	scriptPlace = regexp.MustCompile(`^(?:[^/:]+:)?/?var/db/scripts/[^/]+/[^/]+$`)
)

func sortOf(path string) fileSort {
	name := baseName(path)
	sort := otherFile
	if point := strings.LastIndexByte(name, '.'); point >= 0 {
		sort = sortOfExtension[strings.ToLower(name[point+1:])]
	}
	switch {
	case scriptPlace.MatchString(path):
		return executableFile
	case packagePlace.MatchString(path):
		return imageFile
	case sort == executableFile || scriptName.MatchString(name):
		return executableFile
	case sort == imageFile || imageName.MatchString(name):
		return imageFile
	}
	return sort
}

// A changing place is one where a healthy device creates, resizes and removes files by itself. What could run
// is not excused there unless programs is set: a tracelog folder is a good hiding place for a script.
type changingPlace struct {
	below    *regexp.Regexp // of what stands behind the file system in a canonical path: "tracelogs/x"
	system   *regexp.Regexp // of the file system, where it has to be a certain one
	programs bool           // names that look like programs are excused too
}

// changingPlaces is short on purpose: each line is a place where NDI-ST-06 sees nothing but programs.
var changingPlaces = []changingPlace{
	// Traces of the processes, written and rotated all the time; a trace in binary form ends in ".bin".
	// bootflash:tracelogs/IOSRP_R0-0.7262_14.20211117101713.bin.gz
	{below: regexp.MustCompile(`^(?:.*/)?tracelogs/[A-Za-z0-9_-]+_[A-Z]\w*-\w+\.\d+_\d+\.\d{14}\.bin(?:\.gz)?$`), programs: true},
	// bootflash:tracelogs/timestamp
	// bootflash:tracelogs.394
	{below: regexp.MustCompile(`^(?:.*/)?(?:tracelogs(?:\.\d+)?)(?:/|$)`)},

	// Crash information and core dumps. That a device crashed is worth a look: NDI-RN-05 says that it reloaded.
	// crashinfo:system-report_1_20240102-030405-UTC.tar.gz
	// bootflash:core/router_RP_0_iomd_17818.core.gz
	// flash:crashinfo_20240102-030405-UTC
	// disk0:coredumpinfo/coredump.cfg
	// /var/crash/vmcore.0
	{system: regexp.MustCompile(`^(?:stby-)?crashinfo`)},
	{below: regexp.MustCompile(`^(?:core|crashinfo|coredumpinfo|corefile|var/(?:crash|core)|shared/core)(?:/|$)`)},
	{below: regexp.MustCompile(`^(?:.*/)?crashinfo_[^/]*$`)},

	// Logs.
	// logflash:log/messages
	// flash:logfile/logfile1.log
	// flash:diagfile/diagfile.log
	// /var/log/messages.0.gz
	// flash:persist/messages
	// flash:debug/reload_history
	// bootflash:20190922_052903_poap_7826_init.log
	{system: regexp.MustCompile(`^(?:logflash|log|debug):`)},
	{below: regexp.MustCompile(`^(?:var/log|log|logfile|diagfile|seclog|syslog|license_evlog|smart-log|debug|evt_log_snapshot|persist/messages[^/]*)(?:/|$)`)},
	{below: regexp.MustCompile(`^(?:\d{8}_\d{6}_poap_\d+_\w+\.log|mode_event_log|bootloader_evt_handle\.log|disk_log\.txt|libmon\.logs|CpuUsage\.Log|AsuFastPktTransmit\.log|SsuRestore\w*\.log|\.CloudInitLogs)$`)},

	// The configurations change with every change to the device; NDI-CC-01 compares them.
	// nvram:startup-config
	// flash:config.text
	// flash:.checkpoints/ckp-20240713-5
	// flash:vrpcfg.zip
	// flash:startup.mdb
	// /config/juniper.conf.1.gz
	{system: regexp.MustCompile(`nvram[^:]*:$`), below: regexp.MustCompile(`^(?:startup-config|private-config|underlying-config|ifIndex-table|persistent-data|rf_cold_starts|IOS-Self-Sig[^/]*\.cer)$`)},
	{below: regexp.MustCompile(`^(?:config\.text|private-config\.text|vlan\.dat|multiple-fs)(?:\.renamed)?$`)},
	{below: regexp.MustCompile(`^(?:startup-config|rollback-\d+|vrpcfg\.(?:zip|cfg|dat)|private-data\.txt|startup\.(?:cfg|mdb)|ifindex\.dat|(?:config|var/db/config)/(?:juniper|rescue)\.conf[^/]*)$`)},
	{below: regexp.MustCompile(`^\.checkpoints(?:/|$)`)},

	// State of the platform's own housekeeping.
	// bootflash:.prst_sync/rc_sync
	// bootflash:.rollback_timer
	// flash:.installer/install_add_pkg_list.prev.txt
	// flash:$_checkpoint
	{below: regexp.MustCompile(`^(?:lost\+found|\.prst_sync|\.rollback_timer|\.dbpersist|\.installer|\.swtam|crypto_archive|\$_\w+)(?:/|$)`)},
	// bootflash:throughput_monitor_params
	{below: regexp.MustCompile(`^(?:throughput_monitor_params|bios_bootup_scratch_not_cleared|bootflash_sync_list)$`)},

	// /var/tmp/cleanup-pkgs.log
	// /var/tmp/rtsdb/if-rtsdb
	{below: regexp.MustCompile(`^var/tmp/(?:sampled\.pkts|krt_gencfg_filter\.txt|appidd_trace_debug|eedebug_bin_file|idpd_err\.date|nsd_restart|policy_status|spu_kmd_init|pfe_debug_commands|` +
		`bcast\.\w+\.log|(?:cleanup-pkgs|gksdchk|kmdchk)\.log|(?:\.snap|rtsdb|gres-tp|vi\.recover|pics|stable|sec-download|phone-home)(?:/.*)?)$`)},

	// Views of memory, not storage.
	// system:running-config
	{system: regexp.MustCompile(`^(?:system|tmpsys|null|revrcsf|cns|ymodem|xmodem|obfl):$`)},
}

// changes reports whether the file lies where a healthy device changes files by itself.
func changes(canonical string) bool {
	sort := sortOf(canonical)
	system, below := splitPrefix(canonical)
	below = strings.TrimPrefix(below, "/")
	for _, p := range changingPlaces {
		if (p.programs || !sort.executable()) && (p.system == nil || p.system.MatchString(system)) && (p.below == nil || p.below.MatchString(below)) {
			return true
		}
	}
	return false
}
