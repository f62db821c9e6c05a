// Package transfer reads the logs of TFTP, FTP and SFTP servers.
package transfer
