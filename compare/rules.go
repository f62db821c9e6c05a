package compare

import "slices"

// rules is the list: a rule that is not here is not judged. Each stands in the file that is named after it.
var rules = []Rule{
	deviceIdentity,
	bootLoaderVersion,
	configurationRegister,
	bootVariableList,
	networkBoot,
	approvedImagePresent,
	imageDigest,
	offBoxDigest,
	imageSignature,
	unknownFiles,
	supersededImage,
	runningImage,
	runningSignature,
	reloadExplained,
	channelsAgree,
	packageSet,
	uncommittedPackage,
	provisioningFile,
	approvedVersion,
	imageDowngrade,
	versionCoherence,
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
