// Package rules holds the built-in rules, one file each.
package rules
