// Package host reads the process events of management hosts: auditd, Sysmon for Linux, osquery and Defender.
package host
