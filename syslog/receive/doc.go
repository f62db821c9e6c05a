// Package receive takes lines from sockets, files and standard input, in order and bounded, and counts what it had to drop.
package receive
