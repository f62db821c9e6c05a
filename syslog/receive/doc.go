// Package receive takes lines from sockets and files, in order and bounded, and counts what it had to drop.
//
// It knows nothing of what a line says. Whoever uses it reads from a [Queue], which never holds more than it has room for: a flood is dropped
// and counted, and never grows memory. UDP (RFC 5426), TCP with octet counting and with line feeds (RFC 6587), and TLS (RFC 5425) are received; files
// are followed through rotation. [Spool] keeps on the disk what was taken and not yet dealt with.
//
// Framing is ours and not go-syslog's: its reader keeps a message of any length in memory, and ends a stream at the first count that lies.
package receive
