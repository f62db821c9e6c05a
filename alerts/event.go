package alerts

import "time"

// A Stage is a step of an image change, or of what goes before and after it (passive.md, section 13.1).
type Stage string

const (
	StageTransfer        Stage = "transfer"         // a file went to a device, or from it
	StageBootChange      Stage = "boot_change"      // what the device will boot was set or removed
	StageInstall         Stage = "install"          // an install manager at work
	StageFirmware        Stage = "firmware"         // boot loader, FPD, EPLD, optics
	StageConfigChange    Stage = "config_change"    //
	StageConfigSave      Stage = "config_save"      //
	StageConfigErase     Stage = "config_erase"     //
	StageDelete          Stage = "delete"           // a file was removed from the device
	StageReloadScheduled Stage = "reload_scheduled" //
	StageReloadCancelled Stage = "reload_cancelled" //
	StageReload          Stage = "reload"           // of the device, or of a card: see Sub
	StageBootUp          Stage = "boot_up"          // it has booted
	StageVersion         Stage = "version"          // the line states a running version
	StageSignatureOK     Stage = "signature_ok"     //
	StageSignatureFail   Stage = "signature_fail"   //
	StageVerify          Stage = "verify"           // somebody had the device compute a digest
	StagePrivLogin       Stage = "priv_login"       //
	StageShell           Stage = "shell"            // a shell below the command line
	StageLogTamper       Stage = "log_tamper"       // logging or accounting was turned off or moved
	StageLogGap          Stage = "log_gap"          // messages are missing
	StageHostPrep        Stage = "host_prep"        // a management host made ready to serve or to push an image
	StageBootByproduct   Stage = "boot_byproduct"   // what a boot prints besides; two in a minute are a boot
	StageExec            Stage = "exec"             // a command that is none of the above
	StageContext         Stage = "context"          // useful beside something else: redundancy, integrity noise
)

// Stages are all of them, in the order in which an image change runs.
var Stages = []Stage{
	StageTransfer, StageBootChange, StageInstall, StageFirmware, StageConfigChange, StageConfigSave, StageConfigErase, StageDelete, StageReloadScheduled,
	StageReloadCancelled, StageReload, StageBootUp, StageVersion, StageSignatureOK, StageSignatureFail, StageVerify, StagePrivLogin, StageShell, StageLogTamper,
	StageLogGap, StageHostPrep, StageBootByproduct, StageExec, StageContext,
}

// Words for the kind of a stage, where rules and chains have to agree on one.
const (
	SubStarted     = "started"
	SubCompleted   = "completed"
	SubFailed      = "failed"
	SubCommitted   = "committed"
	SubUncommitted = "uncommitted" // active, and not what the next boot takes
	SubRollback    = "rollback"    // of software
	SubSet         = "set"         // a boot variable
	SubRemoved     = "removed"     // a boot variable, a package
	SubRequested   = "requested"
	SubCard        = "card"    // a reload of a part, not of the device
	SubStandby     = "standby" // of the other supervisor
	SubFault       = "fault"   // by the device itself
	SubImage       = "image"
	SubConfig      = "config"                           // the file of a transfer is a configuration
	SubNewerWriter = "configuration of a newer version" // the running version is older than the one that wrote the configuration
	SubDowngrade   = "downgrade"
	SubProgram     = "programmatic" // NETCONF, gNOI, a web page: nothing was typed
	SubDisabled    = "disabled"     // of logging
	SubReset       = "reset"        // message numbers begin anew
)

// A Weight is how much one line says by itself, without any context.
type Weight string

const (
	WeightInfo     Weight = "info"
	WeightLow      Weight = "low"
	WeightMedium   Weight = "medium"
	WeightHigh     Weight = "high"
	WeightCritical Weight = "critical"
)

// An Event is a line that a rule has classed. Its JSON form is a public interface: `trueboot detect --events` prints one object
// {"event": …} for each.
type Event struct {
	Source     string     `json:"source"`
	Line       int        `json:"line"`
	Time       time.Time  `json:"time"`     // the one to reckon with: see Record.When
	Received   time.Time  `json:"received"` //
	Clock      Clock      `json:"clock,omitempty"`
	Device     string     `json:"device"` // its name in the inventory, or what the line or the peer gives
	Known      bool       `json:"known"`  // the inventory has it
	Kind       SourceKind `json:"source_kind"`
	Rule       string     `json:"rule"` // the id of the rule that classed it
	Stage      Stage      `json:"stage"`
	Sub        string     `json:"sub,omitempty"` // the rule's word for the kind of stage: "started", "removed", "card", "failed"
	Weight     Weight     `json:"weight"`
	Confidence string     `json:"confidence,omitempty"` // "high": a mnemonic of the catalogue; "low": words alone
	SeedPoints int        `json:"seed_points,omitempty"`
	Attack     []string   `json:"attack,omitempty"`
	Failed     bool       `json:"failed,omitempty"` // the attempt did not come off

	Platform    string `json:"platform,omitempty"`
	User        string `json:"user,omitempty"`
	Address     string `json:"address,omitempty"`
	Terminal    string `json:"terminal,omitempty"`
	Server      string `json:"server,omitempty"`
	Command     string `json:"command,omitempty"` // secrets hidden
	File        string `json:"file,omitempty"`
	FileVersion string `json:"file_version,omitempty"` // what the file's name says
	Digest      string `json:"digest,omitempty"`
	Size        int64  `json:"size,omitempty"`
	Direction   string `json:"direction,omitempty"` // in, out
	OldVersion  string `json:"old_version,omitempty"`
	NewVersion  string `json:"new_version,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Due         string `json:"due,omitempty"`       // of a scheduled reload, as printed
	Operation   string `json:"operation,omitempty"` // what joins lines of one job: an install's number
	Result      string `json:"result,omitempty"`
	Mnemonic    string `json:"mnemonic,omitempty"`
	Unit        string `json:"unit,omitempty"`
	Sequence    uint64 `json:"sequence,omitempty"`
	Count       int    `json:"count,omitempty"` // of lines that it stands for, above 1
	Text        string `json:"text"`            // the message, bounded, control characters escaped
}

// Field is a field of the event by its name in JSON, as rules that count events spell it; ok is false where an event has no field of that name.
func (e *Event) Field(name string) (value string, ok bool) {
	switch name {
	case "device":
		return e.Device, true
	case "platform":
		return e.Platform, true
	case "rule":
		return e.Rule, true
	case "stage":
		return string(e.Stage), true
	case "sub":
		return e.Sub, true
	case "user":
		return e.User, true
	case "address":
		return e.Address, true
	case "terminal":
		return e.Terminal, true
	case "server":
		return e.Server, true
	case "command":
		return e.Command, true
	case "file":
		return e.File, true
	case "file_version":
		return e.FileVersion, true
	case "digest":
		return e.Digest, true
	case "direction":
		return e.Direction, true
	case "new_version":
		return e.NewVersion, true
	case "unit":
		return e.Unit, true
	}
	return "", false
}
