package compare

import "regexp"

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

var (
	// cat9k_iosxe.17.09.04a.SPA.bin
	// c2960x-universalk9-mz.152-7.E8.bin
	// cat9k-rpbase.17.09.04a.SPA.pkg
	// asa984-10-lfbff-k8.SPA
	// EOS-4.28.9M.swi
	imageName = regexp.MustCompile(`(?i)(?:\.(?:bin|pkg|spa|ssa|swi|swix|rpm|cc|ipe|out|app|iso|img|ova|qcow2|smu|pat|gbin)|packages\.conf)$`)

	// memleak.tcl
	// no_config_check.py
	scriptName = regexp.MustCompile(`(?i)\.(?:tcl|tbc|py|pyc|sh|bash|pl|lua|rb|js|elf|so|ko|exe)$`)

	// ccpexp.tar
	// client_bundle_1.zip
	archiveName = regexp.MustCompile(`(?i)\.(?:tar|tgz|gz|bz2|xz|zip|cpio|jar)$`)
)

func sortOf(path string) fileSort {
	name := baseName(path)
	switch {
	case scriptName.MatchString(name):
		return executableFile
	case imageName.MatchString(name):
		return imageFile
	case archiveName.MatchString(name):
		return archiveFile
	}
	return otherFile
}

// A changing place is one where a healthy device creates, resizes and removes files by itself. What could run
// is not excused there unless programs is set: a tracelog folder is a good hiding place for a script.
type changingPlace struct {
	path     *regexp.Regexp // of the canonical path: "bootflash:tracelogs/x"
	programs bool           // names that look like programs are excused too
}

// changingPlaces is short on purpose: each line is a place where NDI-ST-06 sees nothing but programs.
var changingPlaces = []changingPlace{
	// Traces of the processes, written and rotated all the time; a trace in binary form ends in ".bin".
	// bootflash:tracelogs/IOSRP_R0-0.7262_14.20211117101713.bin.gz
	{path: regexp.MustCompile(`^[^:]+:(?:.*/)?tracelogs/[A-Za-z0-9_-]+_[A-Z]\w*-\w+\.\d+_\d+\.\d{14}\.bin(?:\.gz)?$`), programs: true},
	// bootflash:tracelogs/timestamp
	// bootflash:tracelogs.394
	{path: regexp.MustCompile(`^[^:]+:(?:.*/)?(?:tracelogs(?:\.\d+)?)(?:/|$)`)},

	// Crash information and core dumps. That a device crashed is worth a look: NDI-RN-05 says that it reloaded.
	// crashinfo:system-report_1_20240102-030405-UTC.tar.gz
	// bootflash:core/router_RP_0_iomd_17818.core.gz
	// flash:crashinfo_20240102-030405-UTC
	{path: regexp.MustCompile(`^(?:stby-)?crashinfo[^:]*:`)},
	{path: regexp.MustCompile(`^[^:]+:(?:core|crashinfo)(?:/|$)`)},
	{path: regexp.MustCompile(`^[^:]+:(?:.*/)?crashinfo_[^/]*$`)},

	// The configurations change with every change to the device; NDI-CC-01 compares them.
	// nvram:startup-config
	// flash:config.text
	{path: regexp.MustCompile(`^[^:]*nvram[^:]*:(?:startup-config|private-config|underlying-config|ifIndex-table|persistent-data|rf_cold_starts|IOS-Self-Sig[^/]*\.cer)$`)},
	{path: regexp.MustCompile(`^[^:]+:(?:config\.text|private-config\.text|vlan\.dat|multiple-fs)(?:\.renamed)?$`)},

	// State of the platform's own housekeeping.
	// bootflash:.prst_sync/rc_sync
	// bootflash:.rollback_timer
	// flash:.installer/install_add_pkg_list.prev.txt
	// bootflash:license_evlog/primary.log
	{path: regexp.MustCompile(`^[^:]+:(?:lost\+found|\.prst_sync|\.rollback_timer|\.dbpersist|\.installer|license_evlog|syslog)(?:/|$)`)},
	// bootflash:throughput_monitor_params
	{path: regexp.MustCompile(`^[^:]+:(?:throughput_monitor_params|mode_event_log|bootloader_evt_handle\.log)$`)},

	// Views of memory, not storage.
	// system:running-config
	{path: regexp.MustCompile(`^(?:system|tmpsys|null|revrcsf|cns|ymodem|xmodem|obfl):`)},
}

// changes reports whether the file lies where a healthy device changes files by itself.
func changes(canonical string) bool {
	sort := sortOf(canonical)
	for _, p := range changingPlaces {
		if (p.programs || !sort.executable()) && p.path.MatchString(canonical) {
			return true
		}
	}
	return false
}
