// Package network reads the messages of network devices: the mnemonic, the number or the tag that tells what happened, the process and
// the unit that says so, and the fields that the text holds.
package network
