// Package chain joins the events of a device into alerts, and reckons their score.
package chain
