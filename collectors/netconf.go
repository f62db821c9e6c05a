package collectors

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

// CloseSession is the operation with which a NETCONF session is left (RFC 6241, section 7.8).
const CloseSession = "<close-session/>"

// errorTags class the errors of a NETCONF server (RFC 6241, appendix A) as vendors.md, section 1.2, classes those of
// command lines. What is not here is an answer that was not understood.
var errorTags = map[string]facts.Reason{
	"operation-not-supported": facts.UnsupportedCommand,
	"unknown-element":         facts.UnsupportedCommand,
	"unknown-namespace":       facts.UnsupportedCommand,
	"unknown-attribute":       facts.UnsupportedCommand,
	"bad-element":             facts.UnsupportedCommand,
	"missing-element":         facts.UnsupportedCommand,
	"invalid-value":           facts.UnsupportedCommand,
	"data-missing":            facts.UnsupportedCommand,
	"access-denied":           facts.NoPrivilege,
	"in-use":                  facts.Timeout,
	"resource-denied":         facts.Timeout,
	"lock-denied":             facts.Timeout,
}

// rpcRefusal returns the error that a NETCONF server replied with, nil where it answered. A warning is no
// error. A reply that is no XML is left to its reader, which has to say so.
func rpcRefusal(r Reply) *refusedWith {
	if !strings.Contains(r.Text, "rpc-error>") {
		return nil
	}
	root, err := r.XML()
	if err != nil {
		return nil
	}
	for e := range root.All("rpc-error") {
		if severity, _ := e.Value("error-severity"); severity == "warning" {
			continue
		}
		tag, _ := e.Value("error-tag")
		message, _ := e.Value("error-message")
		reason, known := errorTags[tag]
		switch {
		// <error-message>syntax error, expecting &lt;get-software-information/&gt;</error-message>
		case !known && strings.Contains(message, "syntax error"), !known && strings.Contains(message, "unknown command"):
			reason = facts.UnsupportedCommand
		case strings.Contains(message, "permission denied"):
			reason = facts.NoPrivilege
		case !known:
			reason = facts.ParseIncomplete
		}
		return &refusedWith{Refusal{Reason: reason}, strings.TrimSpace(fmt.Sprintf("rpc-error %s: %s", tag, message))}
	}
	return nil
}

// rpcReader finds the query that reads the replies to an operation.
func (p Platform) rpcReader(command string) (Query, bool) {
	name, named := strings.CutPrefix(command, "netconf ")
	if !named {
		name, named = strings.CutPrefix(command, "xml ") // the XML agent of IOS XR answers as its NETCONF server does
	}
	if !named {
		name = rpcName(command)
	}
	asked := strings.Fields(name)
	for _, q := range p.Queries[NETCONF] {
		for _, template := range q.Commands {
			// The reply to a get may hold more than the reader needs.
			reads := strings.Fields(rpcName(template))
			if len(asked) > 0 && asked[0] == reads[0] && len(asked) >= len(reads) && !slices.ContainsFunc(reads, func(w string) bool { return !slices.Contains(asked, w) }) {
				return q, true
			}
		}
	}
	return Query{}, false
}

// rpcName is what an operation is called by: its element's name, and behind that of a get what it asks for.
//
//	get-route-engine-information
//	get install-oper-data
func rpcName(operation string) string {
	root, err := parseXML(operation)
	if err != nil {
		return ""
	}
	name := root.Name
	if filter := root.Child("filter"); filter != nil && name == "get" {
		for _, c := range filter.Children {
			name += " " + c.Name
		}
	}
	return name
}
