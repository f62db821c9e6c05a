// Package classify turns a record into events: it runs the rules and fills in what they extract.
package classify
