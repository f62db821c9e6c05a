// Package sensor reads what network sensors saw: Suricata, Zeek and flow records.
package sensor
