// Package command takes apart what a person typed on a network device, whatever its vendor: the verb spelled out, where a file comes
// from and where it goes.
//
// What a command means is for the rules to say (alerts/rules): they compare its [Command.Line], in which abbreviations are spelled
// out, and options and filters are gone:
//
//	do cop /noconfirm t: fl: | redirect x   becomes   copy tftp: flash:
package command
