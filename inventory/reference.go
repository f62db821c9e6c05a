package inventory

import _ "embed"

// Reference is an inventory that shows and explains every field. trueboot init writes it.
//
//go:embed reference.yaml
var Reference string
