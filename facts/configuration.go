package facts

import "strings"

// The topics of the configuration's sections that are read. No other section is asked for: the rest of a configuration says nothing about the
// image and may hold secrets.
const (
	TopicSNMP     = "snmp"
	TopicLogging  = "logging"
	TopicTime     = "time"
	TopicAAA      = "aaa"
	TopicAccounts = "accounts"
	TopicAccess   = "management access"
	TopicTransfer = "file transfer" // services that hand out or take files and configurations
	TopicScripts  = "scripts"       // what runs by itself, and what changes what commands do
	TopicGuests   = "guests"        // shells, containers and extensions beside the system
)

// Topics lists them.
func Topics() []string {
	return []string{TopicSNMP, TopicLogging, TopicTime, TopicAAA, TopicAccounts, TopicAccess, TopicTransfer, TopicScripts, TopicGuests}
}

// The traits say in words that no vendor owns what a line of a configuration means.
const (
	TraitWrites        = "read-write access"       // SNMP may set
	TraitUnrestricted  = "no access list"          // from anywhere
	TraitPlainSNMP     = "SNMP without encryption" // v1, v2c, and v3 below authPriv
	TraitWellKnown     = "well-known secret"       // such as the community public
	TraitLogServer     = "log server"              // sends messages to another machine
	TraitLogOff        = "logging off"             // as a whole
	TraitLogFilter     = "drops log messages"      // by a filter or a single number
	TraitTimeServer    = "time server"
	TraitTimeKey       = "authenticated time"
	TraitAAAServer     = "aaa server" // TACACS+ or RADIUS
	TraitAccounting    = "accounting of sessions"
	TraitCommands      = "accounting of commands"
	TraitAuthorization = "authorization of commands"
	TraitAccount       = "account" // a local one
	TraitAdministrator = "full privileges"
	TraitNoPassword    = "no password"
	TraitLoginKey      = "login key" // a public key that logs in
	TraitTelnet        = "telnet"
	TraitWeb           = "web service"
	TraitLoginLine     = "remote login line" // a section that lets people log in over the network; what guards it stands below
	TraitDialsOut      = "starts sessions"   // to other devices, unless something below forbids it
	TraitAccessList    = "access list"
	TraitNoOutput      = "no outgoing sessions"          // transport output none
	TraitServesFiles   = "serves files without security" // TFTP, FTP, RCP
	TraitSecureFiles   = "serves files over SSH"         // SCP, SFTP
	TraitSmartInstall  = "smart install"                 // vstack, TCP/4786
	TraitProvisioning  = "provisioning over the network" // PnP, ZTP, POAP, boot network
	TraitEventPolicy   = "event policy"                  // runs by itself when something happens
	TraitSchedule      = "scheduled job"
	TraitAlias         = "command alias"
	TraitHidesOutput   = "reacts to a command" // to one that shows what integrity rests on
	TraitInternal      = "internal commands"   // service internal and the like
	TraitGuest         = "guest environment"   // a shell, container or extension is switched on
)

// HasTrait reports whether the fact, a [ConfigurationTrait], names the trait.
func (f Fact) HasTrait(trait string) bool {
	for t := range strings.SplitSeq(f.Value, ", ") {
		if t == trait {
			return true
		}
	}
	return false
}

// SectionOf returns the line below which a configuration line stands, "" for none.
func SectionOf(line string) string {
	if i := strings.LastIndex(line, SectionSeparator); i >= 0 {
		return line[:i]
	}
	return ""
}

// SectionSeparator parts a line from the one below which it stands.
const SectionSeparator = " / "
