// Package syslog takes the lines of a feed apart.
//
// [Parse] knows the shapes in which network devices, accounting servers, transfer servers, sensors and hosts write, and
// makes an [alerts.Record] of each. It rejects nothing: what no format knows is a record of its own, to be counted. Each family of
// formats is a package below this one; syslog/receive takes lines from sockets and files.
package syslog
