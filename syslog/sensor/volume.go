package sensor

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// Volume is the format of the records that the [Joiner] adds: so many bytes went to a device, from one peer, in so short a time, that it was
// no configuration. Images are 20 MB to 2 GB, configurations below 1 MB.
const Volume = "flow-volume"

// What makes a volume.
const (
	volumeBytes  = 5_000_000
	volumeWindow = 10 * time.Minute
	maxSums      = 4096
	maxFlows     = 64 // of one sum; older ones are drawn together
	maxLines     = 16 // that a volume names
)

// servicePorts are those on which images go. 69 and 21 only begin a transfer whose data go elsewhere.
var servicePorts = map[string]bool{"20": true, "21": true, "22": true, "69": true, "80": true, "443": true, "830": true, "8080": true}

// volumes adds up flows by who sent them to which device. Two sensors that see the same bytes are kept apart by their format.
type volumes struct {
	device func(netip.Addr) bool
	sums   envelope.Waiting[*sum]
}

type sum struct {
	flows []flow
	began time.Time // of the control connection of TFTP or FTP
	told  time.Time // of the last volume
}

type flow struct {
	at    time.Time
	bytes int64
	port  string
	data  bool // between two high ports: counts only beside a control connection
	line  string
}

// add counts a flow for whichever of its ends is a device, and emits a volume when there is one.
func (v *volumes) add(r *alerts.Record, emit func(alerts.Record)) {
	if v.device == nil {
		return
	}
	get := r.Fields.Get
	client, errClient := netip.ParseAddr(get(alerts.Client))
	server, errServer := netip.ParseAddr(get(alerts.Server))
	if errClient != nil || errServer != nil {
		return
	}
	client, server = client.Unmap(), server.Unmap()
	rate := count(get(Sampling))
	v.flow(r, client, server, count(get(BytesToClient)), rate, emit)
	v.flow(r, server, client, count(get(BytesToServer)), rate, emit)
}

// count is a number of bytes, 0 for what is none, and never so great that a sum of some thousands would overflow.
func count(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return min(n, 1<<48)
}

func (v *volumes) flow(r *alerts.Record, device, peer netip.Addr, bytes, rate int64, emit func(alerts.Record)) {
	if !v.device(device) {
		return
	}
	if rate > 1 {
		bytes *= min(rate, 1<<14)
	}
	at := r.When()
	clientPort, port := r.Fields.Get(ClientPort), r.Fields.Get(alerts.Port)
	service := port
	if !servicePorts[service] {
		service = clientPort
	}
	key := device.String() + " " + peer.String() + " " + r.Format
	s, ok := v.sums.Take(key)
	if !ok {
		if bytes == 0 && !servicePorts[service] {
			return
		}
		s = &sum{}
	}
	// Back it goes as the latest, so that the one that was not seen for longest makes room.
	v.sums.Put(key, r, s, func(*sum) {})
	f := flow{at: at, bytes: bytes, port: service, line: r.Origin.Source + ":" + strconv.Itoa(r.Origin.Line)}
	switch {
	case service == "69" || service == "21":
		s.began = at
	case servicePorts[service]:
	case high(port) && high(clientPort):
		f.data = true
	default:
		return
	}
	s.flows = append(s.flows, f)
	s.expire(at)
	var total int64
	var lines []string
	begun := !s.began.IsZero() && at.Sub(s.began).Abs() <= volumeWindow
	for _, f := range s.flows {
		if f.data && !begun || at.Sub(f.at) > volumeWindow {
			continue
		}
		if total += f.bytes; len(lines) < maxLines && !slices.Contains(lines, f.line) {
			lines = append(lines, f.line)
		}
		if !f.data {
			service = f.port
		}
	}
	if total < volumeBytes || !s.told.IsZero() && at.Sub(s.told).Abs() <= volumeWindow {
		return
	}
	s.told = at
	emit(volume(r, device, peer, total, service, lines))
}

// expire forgets flows that are older than the window, and draws the oldest together when there are too many.
func (s *sum) expire(at time.Time) {
	s.flows = slices.DeleteFunc(s.flows, func(f flow) bool { return at.Sub(f.at) > volumeWindow })
	if len(s.flows) > maxFlows {
		// Of one sort with the next, so that nothing is counted that would not have been.
		for i := range s.flows[1:] {
			if s.flows[i].data == s.flows[i+1].data {
				s.flows[i+1].bytes += s.flows[i].bytes
				s.flows = slices.Delete(s.flows, i, i+1)
				return
			}
		}
		s.flows = s.flows[1:]
	}
}

func high(port string) bool {
	n, err := strconv.Atoi(port)
	return err == nil && n >= 1024
}

// volume is the record of a volume. It stands where the flow stands that made it one.
func volume(r *alerts.Record, device, peer netip.Addr, total int64, port string, lines []string) alerts.Record {
	message := fmt.Sprintf("%d bytes went to %v from %v in %v: %s", total, device, peer, volumeWindow, strings.Join(lines, ", "))
	v := alerts.Record{
		Origin: r.Origin, Kind: alerts.Sensor, Format: Volume, Received: r.Received, Time: r.Time, Clock: r.Clock, Peer: r.Peer,
		Hosts: r.Hosts, Raw: message,
	}
	v.Fields = alerts.Fields{
		{Name: alerts.Type, Value: "volume"}, {Name: alerts.Message, Value: message}, {Name: alerts.Client, Value: device.String()}, {Name: alerts.Server, Value: peer.String()},
		{Name: alerts.Size, Value: strconv.FormatInt(total, 10)}, {Name: alerts.Direction, Value: in},
	}
	v.Fields.Add(alerts.Port, port)
	for _, line := range lines {
		v.Fields.Add("line", line)
	}
	return v
}
