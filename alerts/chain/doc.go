// Package chain joins the events of a device into alerts, and reckons their score.
//
// What a line says alone is little: a transfer, a boot change and a reload are everyday work, and together they are how an image is
// replaced. The package keeps the events of each device for a month, bounded, and reads all of them anew whenever one is added, so that the
// order in which lines arrive makes no difference. A run of events that belong together is a session, and a session is one alert: of the
// gravest chain that it is ([Chains]), with a score whose arithmetic is in the alert.
//
// What explains an alert (a window, a ticket, a listed account) lowers its severity and is named in it. It never takes the alert away.
package chain
