// Package classify turns a record into events: it takes commands apart, runs the rules, and fills in what they extract.
//
// A line is looked at twice. [Engine.Wanted] tells from the raw line, in one pass, whether any rule could say anything of it; only then
// is it worth taking apart and handing to [Engine.Classify].
package classify
