package fleet

import (
	"fmt"
	"strings"
	"time"
)

// upFor is how long the emulated devices have been up.
const upFor = 23*24*time.Hour + 5*time.Hour + 17*time.Minute

// serial makes a serial number in Cisco's form from a prefix and a number.
func serial(prefix string, n int) string {
	return fmt.Sprintf("%s%04d%04X", prefix, 2130+n%40, 0x1A00+n*7)
}

func member(n int, version string) Member {
	return Member{
		Serial: serial("FCW", n), Board: serial("FOC", n), PowerSerial: serial("LIT", n),
		MAC: fmt.Sprintf("7c:ad:4f:%02x:%02x:80", n/256, n%256), Version: version,
	}
}

// release is one software release of a product.
type release struct {
	version, codename, compiled string
	year                        int
}

var releases = map[string]release{
	"15.7(3)M8": {"15.7(3)M8", "", "Sat 20-Mar-21 02:37", 2021},
	"15.7(3)M2": {"15.7(3)M2", "", "Fri 09-Feb-18 06:37", 2018},
	"15.2(7)E8": {"15.2(7)E8", "", "Wed 22-Mar-23 09:10", 2023},
	"15.2(4)E6": {"15.2(4)E6", "", "Fri 05-Apr-18 02:46", 2018},
	"17.9.4a":   {"17.9.4a", "Cupertino", "Fri 20-Oct-23 10:44", 2023},
	"17.6.3":    {"17.6.3", "Bengaluru", "Wed 30-Mar-22 17:23", 2022},
	"16.12.10a": {"16.12.10a", "Gibraltar", "Thu 20-Jul-23 07:21", 2023},
	"16.9.5":    {"16.9.5", "Fuji", "Fri 31-Jan-20 12:07", 2020},
}

func (d *Device) setRelease(version string) {
	r := releases[version]
	d.Version, d.Codename, d.Compiled, d.Year = r.version, r.codename, r.compiled, r.year
	for i := range d.Members {
		d.Members[i].Version = version
	}
}

// content stands for the bytes of the genuine file of that name, the same on every device.
func content(name string) string { return "the bytes of " + name }

func started(d Device, now time.Time) Device {
	d.Uptime, d.Restarted = upFor, now.Add(-upFor)
	d.ReloadReason, d.ReturnedBy = "Reload Command", "Reload Command at "+now.Add(-upFor-4*time.Minute).UTC().Format("15:04:05 UTC Mon Jan 2 2006")
	return d
}

// BranchRouter is an ISR G2 that runs classic IOS from one bundle file.
func BranchRouter(name string, n int, version string, now time.Time) Device {
	d := Device{
		Name: name, Model: "CISCO2911/K9", Description: "CISCO2911/K9 chassis, Hw Serial#: " + serial("FCW", n) + ", Hw Revision: 1.0", PowerSupply: "PWR-2911-AC",
		Members: []Member{member(n, version)}, Family: "C2900", FeatureSet: "C2900-UNIVERSALK9-M",
		ROM:         "System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)",
		ChassisLine: "Cisco CISCO2911/K9 (revision 1.0) with 483328K/40960K bytes of memory.", Register: "0x2102", SHA512: true,
	}
	d.setRelease(version)
	image := "c2900-universalk9-mz.SPA." + compact(version) + ".bin"
	d.boot("flash0:"+image, 107_410_768+int64(len(version))*4096, true)
	d.FileSystems = []FileSystem{
		{Prefixes: "flash0: flash:#", Sort: "disk", Total: 256_487_424, Default: true},
		{Prefixes: "flash1:", Sort: "disk"},
		{Prefixes: "nvram:", Sort: "nvram", Total: 262_136},
		{Prefixes: "usbflash0:", Sort: "usbflash"},
	}
	d.Files = []File{
		{Path: "flash0:/ccpexp/ccpexp.tar", Size: 3_334_144}, {Path: "flash0:/home.shtml", Size: 1038},
		{Path: "nvram:/startup-config", Size: 4211}, {Path: "nvram:/private-config", Size: 3065},
	}
	return started(d, now)
}

// AccessSwitch is a 2960-X that runs classic IOS.
func AccessSwitch(name string, n int, version string, now time.Time) Device {
	d := Device{
		Name: name, Model: "WS-C2960X-48FPD-L", Description: "WS-C2960X-48FPD-L", PowerSupply: "PWR-C2-740WAC", Switch: true,
		Members: []Member{member(n, version)}, Family: "C2960X", FeatureSet: "C2960X-UNIVERSALK9-M",
		ROM: "Bootstrap program is C2960X boot loader", BootLoader: "C2960X Boot Loader (C2960X-HBOOT-M) Version 15.2(3r)E1, RELEASE SOFTWARE (fc1)",
		ChassisLine: "cisco WS-C2960X-48FPD-L (APM86XXX) processor (revision B0) with 524288K bytes of memory.", Register: "0xF",
	}
	d.setRelease(version)
	image := "c2960x-universalk9-mz." + compact(version)
	d.boot("flash:/"+image+"/"+image+".bin", 25_591_808, true)
	d.FileSystems = []FileSystem{
		{Prefixes: "flash: flash1:", Sort: "flash", Total: 122_185_728, Default: true},
		{Prefixes: "nvram:", Sort: "nvram", Total: 524_288},
	}
	d.Files = []File{
		{Path: "flash:/vlan.dat", Size: 3096}, {Path: "flash:/config.text", Size: 9120}, {Path: "flash:/private-config.text", Size: 3096},
		{Path: "flash:/" + image + "/info", Size: 501}, {Path: "flash:/multiple-fs", Size: 5144},
		{Path: "nvram:/startup-config", Size: 9120}, {Path: "nvram:/private-config", Size: 3096},
	}
	return started(d, now)
}

// EdgeRouter is an ISR 4000 that runs IOS XE in bundle mode.
func EdgeRouter(name string, n int, version string, now time.Time) Device {
	d := Device{
		Name: name, Model: "ISR4331/K9", Description: "Cisco ISR4331 Chassis", PowerSupply: "PWR-4330-AC", XE: true,
		Members: []Member{member(n, version)}, Family: "ISR", FeatureSet: "X86_64_LINUX_IOSD-UNIVERSALK9-M",
		ROM: "IOS-XE ROMMON", Firmware: "16.12(2r)",
		ChassisLine: "cisco ISR4331/K9 (1RU) processor with 1795979K/6147K bytes of memory.", Register: "0x2102", SHA512: true,
	}
	d.setRelease(version)
	image := "isr4300-universalk9." + padded(version) + ".SPA.bin"
	d.boot("bootflash:"+image, 705_103_716, true)
	d.Packages = []Package{{"IMG", "C", padded(version) + ".0.4872"}}
	d.FileSystems = []FileSystem{
		{Prefixes: "bootflash: flash:#", Sort: "disk", Total: 3_256_942_592, Default: true},
		{Prefixes: "nvram:", Sort: "nvram", Total: 33_554_432},
		{Prefixes: "usb0:", Sort: "usbflash"},
	}
	d.Files = []File{
		{Path: "bootflash:/.installer/watchlist", Size: 24}, {Path: "bootflash:/throughput_monitor_params", Size: 30},
		{Path: "bootflash:/tracelogs/timestamp", Size: 14}, {Path: "bootflash:/memleak.tcl", Size: 65_037},
		{Path: "nvram:/startup-config", Size: 6544}, {Path: "nvram:/private-config", Size: 2822},
	}
	return started(d, now)
}

// packageNames are the packages of a Catalyst 9300 image in install mode.
var packageNames = []string{
	"cc_srdriver", "espbase", "guestshell", "rpbase", "rpboot", "sipbase", "sipspa", "srdriver", "webui", "wlc",
}

// StackSwitch is a stack of Catalyst 9300 in install mode.
func StackSwitch(name string, n, size int, version string, now time.Time) Device {
	d := Device{
		Name: name, Model: "C9300-48U", Description: "C9300-48U", PowerSupply: "PWR-C1-1100WAC", XE: true, Switch: true,
		Family: "Catalyst L3 Switch", FeatureSet: "CAT9K_IOSXE",
		ROM: "IOS-XE ROMMON", BootLoader: "System Bootstrap, Version 17.10.1r[FC1], RELEASE SOFTWARE (P)",
		ChassisLine: "cisco C9300-48U (X86) processor with 1331521K/6147K bytes of memory.", Register: "0x102", SHA512: true,
	}
	for i := range size {
		d.Members = append(d.Members, member(n+i, version))
	}
	d.setRelease(version)
	release := padded(version)
	d.RunningImage, d.BootVariable = "flash:packages.conf", "flash:packages.conf;"
	d.BootCommands = []string{"boot system switch all flash:packages.conf"}
	d.Packages = []Package{{"IMG", "C", release + ".0.5591"}}
	for i := range size {
		// The active member's storage has two names here, each other member's its own.
		prefixes, flash := fmt.Sprintf("flash-%d:", i+1), fmt.Sprintf("flash-%d:", i+1)
		switch i {
		case 0:
			prefixes, flash = "flash: flash-1:", "flash:"
		case 1:
			prefixes += " stby-flash:"
		}
		d.FileSystems = append(d.FileSystems, FileSystem{Prefixes: prefixes, Sort: "disk", Total: 11_353_194_496, Default: i == 0})
		d.installMode(flash, release)
	}
	d.FileSystems = append(d.FileSystems,
		FileSystem{Prefixes: "crashinfo:", Sort: "disk", Total: 1_651_314_688},
		FileSystem{Prefixes: "nvram:", Sort: "nvram", Total: 2_097_152},
		FileSystem{Prefixes: "usbflash0:", Sort: "disk"},
	)
	d.Files = []File{
		{Path: "flash:/.installer/install_add_pkg_list.prev.txt", Size: 5}, {Path: "flash:/vlan.dat", Size: 3444},
		{Path: "crashinfo:/tracelogs/fed_main.log.gz", Size: 18_211},
		{Path: "nvram:/startup-config", Size: 30_112}, {Path: "nvram:/private-config", Size: 4322},
	}
	return started(d, now)
}

// installMode puts the packages of a release and their provisioning file on a file system.
func (d *Device) installMode(flash, release string) {
	var conf strings.Builder
	conf.WriteString("#! /usr/binos/bin/packages_conf.sh\n\n# Package versions: " + release + "\n\n")
	for _, p := range packageNames {
		file := "cat9k-" + p + "." + release + ".SPA.pkg"
		role, sort := "rp_"+strings.TrimPrefix(p, "rp"), "iso "
		if p == "rpboot" {
			sort = "boot"
		}
		fmt.Fprintf(&conf, "%s  rp 0 0   %-12s %s\n%s  rp 1 0   %-12s %s\n", sort, role, file, sort, role, file)
		d.PackageSet = append(d.PackageSet, Image{Path: flash + file, Size: 12_000_000 + int64(len(file))*1_048_576, Content: content(file), Signed: true})
	}
	d.Images = append(d.Images, Image{Path: flash + "packages.conf", Size: int64(conf.Len()), Content: conf.String()})
}

// boot makes the file at the path the one that runs and that will boot.
func (d *Device) boot(path string, size int64, signed bool) {
	d.RunningImage, d.BootVariable = path, path
	if !d.Switch {
		d.BootVariable += ",1;"
	}
	d.BootCommands = []string{"boot system " + strings.Replace(path, ":", " ", 1)}
	if d.Switch || d.XE {
		d.BootCommands = []string{"boot system " + path}
	}
	d.Images = append(d.Images, Image{Path: path, Size: size, Content: content(path[strings.LastIndexAny(path, ":/")+1:]), Signed: signed})
}

// compact is a classic IOS version as file names spell it: 15.7(3)M8 is 157-3.M8.
func compact(version string) string {
	r := strings.NewReplacer(".", "", "(", "-", ")", ".")
	return strings.TrimSuffix(r.Replace(version), ".")
}
