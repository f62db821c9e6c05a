package syslog

import (
	"net/netip"

	"trueboot/syslog/accounting"
	"trueboot/syslog/envelope"
	"trueboot/syslog/host"
	"trueboot/syslog/sensor"
	"trueboot/syslog/transfer"
)

// NewJoiner makes the joiner of one source of lines: it puts together what is spread over several of them. Device tells whether an address
// is one of a device, for what sensors see of flows.
func NewJoiner(device func(netip.Addr) bool) envelope.Joiner {
	return envelope.Join(accounting.NewJoiner(), host.NewJoiner(), sensor.NewJoiner(device), transfer.NewPairs())
}
