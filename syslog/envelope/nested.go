package envelope

import "trueboot/alerts"

// Within gives the record of a nested line what only the record around it states: where it was read, who delivered it, the time if the
// line has no good one, the names of its sender after the line's own, and the fields that the line lacks. A nested line that no format
// knew stays a record of the format around it.
func Within(outer, inner alerts.Record) alerts.Record {
	inner.Origin, inner.Received, inner.Peer, inner.Raw, inner.Cut = outer.Origin, outer.Received, outer.Peer, outer.Raw, outer.Cut
	if inner.Format == "" {
		inner.Format, inner.Kind = outer.Format, outer.Kind
	}
	if inner.Platform == "" {
		inner.Platform = outer.Platform
	}
	if (inner.Time.IsZero() || inner.Clock != alerts.ClockGood) && !outer.Time.IsZero() && outer.Clock == alerts.ClockGood {
		inner.Time, inner.Clock = outer.Time, outer.Clock
	}
	inner.Hosts = append(inner.Hosts[:len(inner.Hosts):len(inner.Hosts)], outer.Hosts...)
	has := len(inner.Fields)
	for _, f := range outer.Fields {
		if f.Name != alerts.Message && !inner.Fields[:has].Has(f.Name) {
			inner.Fields = append(inner.Fields, f)
		}
	}
	if !inner.Fields.Has(alerts.Message) {
		inner.Fields.Add(alerts.Message, outer.Fields.Get(alerts.Message))
	}
	return inner
}
