// Package tables reads rows of Sentinel's tables, as they are exported in JSON lines.
package tables
