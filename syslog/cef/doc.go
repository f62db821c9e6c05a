// Package cef reads ArcSight's Common Event Format, as it is, and as relays leave it.
package cef
