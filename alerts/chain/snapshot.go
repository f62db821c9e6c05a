package chain

import (
	"fmt"
	"slices"
	"time"

	"trueboot/alerts"
)

// A Snapshot is the state of a correlator as plain data, so that a restart loses nothing.
type Snapshot struct {
	Version int               `json:"version"`
	Now     time.Time         `json:"now"`
	Events  []alerts.Event    `json:"events"`
	IDs     map[string]string `json:"ids"`  // by device and key of an event
	Told    map[string]string `json:"told"` // what was last told of each alert
}

const snapshotVersion = 1

// Snapshot returns the state.
func (c *Correlator) Snapshot() Snapshot {
	s := Snapshot{Version: snapshotVersion, Now: c.now, IDs: map[string]string{}, Told: c.told}
	for _, name := range c.names() {
		d := c.devices[name]
		for _, e := range d.events {
			s.Events = append(s.Events, *e)
			if k := d.keys[e]; d.ids[k] != "" {
				s.IDs[name+"\x00"+k] = d.ids[k]
			}
		}
	}
	return s
}

// Restore takes a state over.
func (c *Correlator) Restore(s Snapshot) error {
	if s.Version != snapshotVersion {
		return fmt.Errorf("the state of the correlator has version %d, and %d is read: it begins anew", s.Version, snapshotVersion)
	}
	c.now = s.Now
	for _, e := range s.Events {
		d, taken := c.take(e, false)
		if taken {
			if id := s.IDs[d.name+"\x00"+key(&e)]; id != "" {
				d.ids[key(&e)] = id
			}
			c.spreads(&e)
		}
	}
	for _, d := range c.devices {
		d.sessions = sessions(d.name, d.events)
	}
	for id, told := range s.Told {
		c.told[id] = told
	}
	return nil
}

// Devices are the devices of which events are kept, in order.
func (c *Correlator) Devices() []string { return slices.Clip(c.names()) }
