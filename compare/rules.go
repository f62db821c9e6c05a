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
	unknownFiles,
	supersededImage,
	runningImage,
	reloadExplained,
	channelsAgree,
	packageSet,
	uncommittedPackage,
	approvedVersion,
	imageDowngrade,
	versionCoherence,
	commandSurface,
}

// Rules returns every rule, in the order of the catalogue.
func Rules() []Rule { return slices.Clone(rules) }
