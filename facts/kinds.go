package facts

import (
	"strconv"
	"strings"
)

// A Kind names one thing that a device can state; its comment fixes the form of
// the value and of the subject. Kinds are stored and published: add one when a control
// needs it, never rename one.
//
// A component is named in the device's own words, lower case for the sort and as
// printed for the number: "switch 2", "slot 5", "switch 1 slot 3", "slot R0", "standby".
type Kind string

// Identity and hardware.
const (
	Hostname          Kind = "hostname"           // as the prompt or the banner says it
	OperatingSystem   Kind = "operating system"   // "IOS", "IOS XE"
	Model             Kind = "model"              // product identifier; subject: component, empty for the chassis or a standalone device
	SerialNumber      Kind = "serial number"      // subject: component, empty for the chassis or a standalone device
	BaseMAC           Kind = "base mac"           // as printed; subject: component
	HostKey           Kind = "host key"           // "SHA256:…" as ssh-keygen prints it; subject: key type, "ssh-ed25519"
	Component         Kind = "component"          // a part that is present: its description; subject: component
	ComponentRole     Kind = "component role"     // "Active", "Standby", "Member" as printed; subject: component
	ComponentState    Kind = "component state"    // "ok", "Ready", "STANDBY HOT" as printed; subject: component
	ComponentPriority Kind = "component priority" // of a stack member, as printed; subject: component
	HardwareVersion   Kind = "hardware version"   // as printed; subject: component
	Channel           Kind = "channel"            // protocol version of a second way on which the device answered, "base:1.1"; subject: "netconf"
	Redundancy        Kind = "redundancy"         // as printed; subject: "operating mode", "hardware mode", "last switchover reason"
)

// Software that runs.
const (
	RunningVersion   Kind = "running version"   // as displayed: "17.9.4a", "15.2(4)M6"
	ComponentVersion Kind = "component version" // subject: stack member, supervisor, module; a part of the system, as RunningImage; the operating system's own name where it has a second numbering, "IOS XE"
	PreviousVersion  Kind = "previous version"  // of the system before the last reload, as displayed
	RunningImage     Kind = "running image"     // path of the file that booted, as printed: "flash:packages.conf"; the partition where a platform boots from one: "primary"; subject: empty, or the part where the system is several images: "kickstart"
	ComponentImage   Kind = "component image"   // image or feature set that a component runs; subject: component
	SoftwareImage    Kind = "software image"    // family and feature set: "CAT9K_IOSXE", "C2960-LANBASEK9-M"
	ReleaseType      Kind = "release type"      // "RELEASE SOFTWARE", "CUST-SPECIAL", "TEST ENGINEERING ESTG_WEEKLY BUILD"
	Release          Kind = "release"           // build label behind the type: "fc2"
	CompileTime      Kind = "compile time"      // as printed: "Wed 26-Jun-13 02:49"
	CompiledBy       Kind = "compiled by"       // login of the builder: "prod_rel_team"
	BootMode         Kind = "boot mode"         // IOS XE: "install" or "bundle"
	BuildID          Kind = "build id"          // what tells two builds of one version apart, as printed: "4.28.9M-33818481.4289M", "2795"; subject: "" or its lower-case name where there are several: "sha", "branch point"
	Partition        Kind = "partition"         // version installed in a partition, volume or bank, also in an inactive one; subject: its name as printed: "secondary", "HD1.2", "sysroot1"
	PartitionState   Kind = "partition state"   // as printed: "active", "RUNNING-ACTIVE"; subject: as Partition
)

// Boot chain.
const (
	BootVariable       Kind = "boot variable"                     // a path or partition; subject: see Place; the component is a processor, and the part of the system behind it where RunningImage has parts: "sup-2 kickstart"
	NextBootVariable   Kind = "next boot variable"                // the same for the next reload
	BootSetting        Kind = "boot setting"                      // as printed; subject: lower-case name, after a component's: "manual boot", "switch 2 enable break"; "boot variable" or "next boot variable" with "does not exist" for an empty list
	ConfigRegister     Kind = "configuration register"            // as printed: "0x2102", "0xF"; subject: component, empty for the active processor
	NextConfigRegister Kind = "next configuration register"       // the same for the next reload; equal to the current one where the device announces no change
	BootLoaderVersion  Kind = "boot loader version"               // subject: "ROM", "BOOTLDR" as printed by show version, or component
	BootLoaderVariable Kind = "boot loader variable"              // one that lasts, as printed; subject: its name, after a component's: "BOOT", "switch 2 MANUAL_BOOT"
	StartupSource      Kind = "startup configuration source"      // path; subject: "" or "private"
	NextStartupSource  Kind = "next startup configuration source" // the same for the next reload
	RunningBootCommand Kind = "running boot command"              // one boot line of the running configuration; subject: position
	StartupBootCommand Kind = "startup boot command"              // one boot line of the startup configuration; subject: position
)

// Time and reloads.
const (
	Uptime       Kind = "uptime"        // seconds; subject: component
	BootTime     Kind = "boot time"     // as printed, in the device's zone
	ReloadReason Kind = "reload reason" // as printed

	ConfigurationTime   Kind = "configuration time"   // when the configuration was last changed, as printed, in the device's zone; subject: component
	ConfigurationAuthor Kind = "configuration author" // the account that changed it then; subject: component
)

// Storage. A path is spelled as the device prints it: "flash:x.bin", "bootflash:/x.bin".
const (
	FileSystem           Kind = "file system"           // type as printed: "disk", "nvram", "network", or "disk, no medium" where no size is stated; subject: prefix with its colon, "flash:", or the absolute path of a directory that is listed, "/var/tmp"
	FileSystemAlias      Kind = "file system alias"     // the prefix that the subject stands for; subject: another prefix of the same file system
	FileSystemAccess     Kind = "file system access"    // "rw", "ro", "wo"; subject: prefix
	TotalSpace           Kind = "total space"           // bytes; subject: file system
	FreeSpace            Kind = "free space"            // bytes; subject: file system
	File                 Kind = "file"                  // size in bytes; subject: full path. Listings of whole directories alone state it: what they do not show counts as absent
	FileTime             Kind = "file time"             // as printed; subject: full path
	FilePermissions      Kind = "file permissions"      // "drwx" as printed; subject: full path
	ConfigurationArchive Kind = "configuration archive" // path of a saved configuration; subject: position, or "next" for the one to be written next
)

// Integrity that the device computes or displays about itself.
const (
	ImageDigest          Kind = "image digest"           // "sha512:<hex>", "md5:<hex>"; subject: path. One fact for each algorithm
	DigestChallenge      Kind = "digest challenge"       // "refused" or "accepted": how verify answered a digest that was wrong on purpose; subject: path
	EmbeddedDigest       Kind = "embedded digest"        // digest written into the image: "sha512:<hex>"; subject: path. One fact for each algorithm, as for the two below
	ComputedDigest       Kind = "computed digest"        // digest that the device computed to compare with the embedded one; subject: path
	PublishedDigest      Kind = "published digest"       // digest that the image carries as the vendor's published one (CCO hash); subject: path
	ContentDigest        Kind = "content digest"         // digest taken here of a file's whole content as the device displayed it; subject: path. One fact for each algorithm
	ContentSize          Kind = "content size"           // bytes of that content; subject: path
	PulledDigest         Kind = "pulled digest"          // digest computed here of the bytes that the device sent over SFTP or SCP: "sha512:<hex>"; subject: path. One fact for each algorithm
	PulledSize           Kind = "pulled size"            // how many bytes these were; subject: path
	RunningPackageDigest Kind = "running package digest" // checksum that the system keeps of a package that runs: "sha1:<hex>"; subject: name of its file
	MemoryDigest         Kind = "memory digest"          // of the running text segment; subject: region
	Signature            Kind = "signature"              // "verified" or "failed"; subject: path, "running" for the image in memory
	SignedImageType      Kind = "signed image type"      // "Production", "Special", "Development"; subject: as Signature
	Signer               Kind = "signer"                 // "CN=…, OU=…, O=…"; subject: as Signature
	CertificateSerial    Kind = "certificate serial"     // as printed; subject: as Signature
	SignatureDetail      Kind = "signature detail"       // as printed; subject: path and field: "running hash algorithm", "running key version"
	BootMeasurement      Kind = "boot measurement"       // digest that the hardware's trust anchor took at boot: "sha256:<hex>"; subject: what was measured: "boot loader", a package's name
	PlatformRegister     Kind = "platform register"      // value of a register of the trust anchor, hex: "PCR0", "PCR8" as subject
	AttestationNonce     Kind = "attestation nonce"      // decimal; the number of ours over which the trust anchor signed
	AttestationSignature Kind = "attestation signature"  // hex; subject: version of the signature's form, "1"
	AttestationKey       Kind = "attestation key"        // certificate of the device's identity (SUDI) or above it, DER in base64; subject: position as printed
	IntegrityCheck       Kind = "integrity check"        // result of a check that the platform makes of itself, as printed: "passed"; subject: its lower-case name
	IntegritySetting     Kind = "integrity setting"      // how strictly the platform checks what it boots or runs, as printed: "High"; subject: lower-case name: "security level", "secure boot"
)

// Packages.
const (
	Package          Kind = "package"           // version; subject: name of the package or of its file
	PackageState     Kind = "package state"     // "activated and committed", "inactive", "activated and uncommitted", "deactivated and uncommitted"; subject: as Package. "none", about no package: the device, or the component that is the subject, says that it has none
	CommittedPackage Kind = "committed package" // version of a package that is on the list of what the next reload activates, where the platform keeps that list apart; subject: as Package. "none", about no package, where the list is empty
	PackageFile      Kind = "package file"      // file that a provisioning file (packages.conf) names; subject: "conf-path role location"
	RollbackTimer    Kind = "rollback timer"    // "inactive", or as printed when it runs
	ContentVersion   Kind = "content version"   // of signatures and databases that the vendor renews daily; subject: lower-case name: "threat", "av"
)

// Sections of the configuration (configuration.go has the topics and the traits).
const (
	ConfigurationSection Kind = "configuration section"      // "present" or "empty"; subject: topic, "startup " ahead of it for the startup configuration. That a topic is stated means that its section was read
	RunningConfigLine    Kind = "running configuration line" // topic; subject: the line behind those that it stands below, "line vty 0 4 / transport input ssh", secrets replaced by keyed digests
	StartupConfigLine    Kind = "startup configuration line" // likewise
	ConfigurationTrait   Kind = "configuration trait"        // what the line means for integrity, "read-write access, no access list"; subject: the line
	ConfigurationHash    Kind = "configuration checksum"     // of the whole configuration, as printed; subject: "running" or "startup"
)

// What runs beside the system, and what was done to it.
const (
	GuestApplication Kind = "guest application" // state as printed: "RUNNING", "Activated"; subject: name of the container, shell or virtual service; "none", about nothing, where the device says that it has none
	Feature          Kind = "feature"           // "enabled" or "disabled", as printed; subject: name
	Process          Kind = "process"           // line as printed; subject: name. Only those are asked for that an implant is known by
	InstallOperation Kind = "install operation" // what was done, "install_add"; subject: position in the log
	InstallTime      Kind = "install time"      // when, as printed; subject: as InstallOperation
)

// Place makes the subject of an ordered fact: the place in the list, from 1, and
// before it the component whose list it is. Place("", 2) is "2", Place("switch 3", 1) is
// "switch 3 1".
func Place(component string, position int) string {
	if component == "" {
		return strconv.Itoa(position)
	}
	return component + " " + strconv.Itoa(position)
}

// Position takes apart what [Place] put together. It returns position 0 for a
// subject that Place did not make.
func Position(subject string) (component string, position int) {
	if i := strings.LastIndexByte(subject, ' '); i >= 0 {
		component, subject = subject[:i], subject[i+1:]
	}
	position, err := strconv.Atoi(subject)
	if err != nil || position < 1 {
		return "", 0
	}
	return component, position
}
