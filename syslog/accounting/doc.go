// Package accounting reads who typed what from the logs of TACACS+ and RADIUS servers.
package accounting
