// Package command takes apart what a person typed on a network device, whatever its vendor: the verb spelled out, where a file comes
// from and where it goes.
package command
