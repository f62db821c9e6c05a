// Package testdata holds what devices said, by platform, and what is to be read from it. The tests find the captures by their place;
// the demonstration plays two of each platform, which are therefore part of the program.
package testdata

import "embed"

// Captures are the captures of a sound device and of the same device with an older release, as PLATFORM/good and
// PLATFORM/older.
//
//go:embed */good */older
var Captures embed.FS
