// Package sigma reads rules in Sigma's YAML and tells which of them a record meets.
package sigma
