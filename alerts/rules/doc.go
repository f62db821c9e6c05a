// Package rules holds the built-in rules: Sigma's YAML with a section of this program's (alerts/sigma), a file for each kind of source.
// Each rule brings lines that it has to match and lines that it must not; "trueboot rules test" runs them, and so does a test.
package rules

import "embed"

// Files are the built-in rules.
//
//go:embed *.yml
var Files embed.FS
