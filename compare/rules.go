package compare

import "slices"

// rules is the list: a rule that is not here is not judged. Each stands in the file that is named after it.
var rules = []Rule{
	deviceIdentity,
	componentInventory,
	hardwareAuthenticity,
	bootLoaderVersion,
	bootEnvironment,
	configurationRegister,
	bootVariableList,
	networkBoot,
	startupSource,
	developmentCode,
	bootMeasurement,
	approvedImagePresent,
	imageDigest,
	offBoxDigest,
	imageSignature,
	signerIdentity,
	unknownFiles,
	supersededImage,
	auxiliarySoftware,
	runningImage,
	runningSignature,
	memoryDigest,
	memoryAttributes,
	reloadExplained,
	channelsAgree,
	operatingSystemLockdown,
	packageSet,
	uncommittedPackage,
	provisioningFile,
	installHistory,
	guestEnvironments,
	approvedVersion,
	imageDowngrade,
	versionCoherence,
	fallbackTargets,
	loggingExport,
	commandAccounting,
	logContinuity,
	foreignTelemetry,
	snmpAccess,
	transferServices,
	scriptsAndFilters,
	managementAccess,
	configurationDrift,
	approvedChanges,
	baselineProvenance,
	commandSurface,
	wrongDigestRefused,
	digestsTogether,
	knownContent,
	hashSpeed,
}

// fleetRules judge the devices of a run together, once all were visited (consensus.go).
var fleetRules = []Rule{fleetConsensus}

// Rules returns every rule, in the order of the catalogue; those of trueboot's own, NDI-XC-…, come last.
func Rules() []Rule { return slices.Concat(rules, fleetRules) }
