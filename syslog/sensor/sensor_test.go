package sensor

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

var _ envelope.Joiner = (*Joiner)(nil)

func readAny(line string) alerts.Record {
	r := alerts.Record{Raw: line, Received: time.Unix(1e9, 0)}
	for i := range Formats {
		f := &Formats[i]
		if slices.ContainsFunc(f.Marks, func(m string) bool { return strings.Contains(line, m) }) && f.Read(line, &r) {
			break
		}
	}
	return r
}

// short is a record as "format type activity client server port file direction size result".
func short(r *alerts.Record) string {
	s := []string{r.Format}
	for _, name := range []string{alerts.Type, alerts.Activity, alerts.Client, alerts.Server, alerts.Port, alerts.File, alerts.Direction, alerts.Size, alerts.Result} {
		v := r.Fields.Get(name)
		if v == "" {
			v = "-"
		}
		s = append(s, v)
	}
	return strings.Join(s, " ")
}

func TestFormats(t *testing.T) {
	for _, test := range []struct {
		line, want string
		also       map[string]string
	}{
		{`{"timestamp":"2026-11-22T01:04:57.711841+0000","event_type":"tftp","src_ip":"10.0.0.1","src_port":1234,"dest_ip":"10.0.0.9","dest_port":69,"proto":"UDP","tftp":{"packet":"read","file":"x.bin","mode":"octet"}}`,
			"eve tftp read 10.0.0.1 10.0.0.9 69 x.bin in - -", map[string]string{"protocol": "udp", "client_port": "1234"}},
		{`<13>Nov 22 01:04:57 ids suricata: {"timestamp":"2026-11-22T01:04:57.711841+0000","event_type":"tftp","src_ip":"10.0.0.1","src_port":1234,"dest_ip":"10.0.0.9","dest_port":69,"tftp":{"packet":"write","file":"run.cfg"}}`,
			"eve tftp write 10.0.0.1 10.0.0.9 69 run.cfg out - -", nil},
		{`{"timestamp":"2026-11-22T01:04:57.711841+0000","event_type":"fileinfo","src_ip":"10.0.0.9","src_port":80,"dest_ip":"10.0.0.1","dest_port":41000,"http":{"url":"/img/x.bin?y","http_method":"GET"},"fileinfo":{"filename":"/img/x.bin","state":"CLOSED","size":26000000,"md5":"44d88612fea8a8f36de82e1278abb02f"}}`,
			"eve fileinfo GET 10.0.0.1 10.0.0.9 80 /img/x.bin in 26000000 success", map[string]string{"digest": "md5:44d88612fea8a8f36de82e1278abb02f"}},
		{`{"timestamp":"x","event_type":"ftp","src_ip":"10.0.0.1","src_port":4100,"dest_ip":"10.0.0.9","dest_port":21,"ftp":{"command":"PASS","command_data":"hunter2"}}`, "eve ftp PASS 10.0.0.1 10.0.0.9 21 - - - -", nil},
		{`{"timestamp":"x","event_type":"ftp_data","src_ip":"10.0.0.9","src_port":20,"dest_ip":"10.0.0.1","dest_port":4101,"ftp_data":{"filename":"x.bin","command":"RETR"}}`, "eve ftp_data RETR 10.0.0.9 10.0.0.1 4101 x.bin in - -", nil},
		{`{"timestamp":"2018-07-05T15:51:54.001329-0400","event_type":"flow","src_ip":"10.0.0.1","src_port":546,"dest_ip":"10.0.0.9","dest_port":22,"proto":"TCP","flow":{"bytes_toserver":110,"bytes_toclient":7}}`,
			"eve flow - 10.0.0.1 10.0.0.9 22 - - - -", map[string]string{"bytes_to_server": "110", "bytes_to_client": "7"}},
		{`{"timestamp":"x","event_type":"alert","src_ip":"a","src_port":1,"dest_ip":"b","dest_port":2,"alert":{"action":"allowed","signature_id":2013028,"signature":"ET POLICY curl"}}`, "eve alert - a b 2 - - - allowed", map[string]string{"message": "ET POLICY curl", "event_id": "2013028"}},
		{`{"event_type":"tftp"`, "", nil},
		{`sshd[7]: Invalid user {"timestamp":"x","event_type":"tftp","src_ip":"10.0.0.1","tftp":{"packet":"read","file":"x.bin"}} from 10.6.6.6`, "", nil},
		{`Nov 22 01:04:57 ids suricata[9]: @cee: {"timestamp":"x","event_type":"tftp","src_ip":"10.0.0.1","src_port":1,"dest_ip":"10.0.0.9","dest_port":69,"tftp":{"packet":"read","file":"x.bin"}}`, "eve tftp read 10.0.0.1 10.0.0.9 69 x.bin in - -", nil},
		{`{"ts":1617062390.667048,"uid":"CGUiHy4","id.orig_h":"10.0.0.1","id.orig_p":41407,"id.resp_h":"10.0.0.9","id.resp_p":69,"wrq":false,"fname":"x.bin","mode":"octet","size":9,"block_sent":1}`, "zeek tftp read 10.0.0.1 10.0.0.9 69 x.bin in 9 -", nil},
		{`{"ts":1617062390.667048,"uid":"CGUiHy4","id.orig_h":"10.0.0.1","id.orig_p":41407,"id.resp_h":"10.0.0.9","id.resp_p":69,"wrq":true,"fname":"run.cfg","error_code":1,"error_msg":"no"}`, "zeek tftp write 10.0.0.1 10.0.0.9 69 run.cfg out - failure", map[string]string{"reason": "no"}},
		{`{"ts":1617062390.7,"uid":"CGUi","id.orig_h":"10.0.0.1","id.orig_p":60802,"id.resp_h":"10.0.0.9","id.resp_p":443,"proto":"tcp","orig_bytes":3,"resp_bytes":5854,"conn_state":"SF"}`, "zeek conn - 10.0.0.1 10.0.0.9 443 - - - SF", map[string]string{"bytes_to_client": "5854", "bytes_to_server": "3"}},
		{`{"ts":"2021-06-09T20:55:13.160328Z","fuid":"F1","tx_hosts":["10.0.0.9"],"rx_hosts":["10.0.0.1"],"source":"HTTP","filename":"x.bin","is_orig":false,"total_bytes":1609,"missing_bytes":0,"sha1":"1895628784b47ad8da112c699a1b21f5b49c2b80"}`,
			"zeek files - 10.0.0.1 10.0.0.9 - x.bin in 1609 -", map[string]string{"digest": "sha1:1895628784b47ad8da112c699a1b21f5b49c2b80", "service": "http"}},
		{`{"ts":1.5,"fuid":"F1","tx_hosts":["10.0.0.1"],"rx_hosts":["10.0.0.9"],"source":"FTP_DATA","is_orig":true,"seen_bytes":5,"missing_bytes":2}`, "zeek files - 10.0.0.1 10.0.0.9 - - out 5 incomplete", nil},
		{`{"ts":1187379105.01948,"uid":"CpQ","id.orig_h":"10.0.0.1","id.orig_p":62014,"id.resp_h":"10.0.0.9","id.resp_p":21,"user":"ftp","password":"hunter2","command":"RETR","arg":"ftp://10.0.0.9/x.bin","file_size":39424,"reply_code":226}`, "zeek ftp RETR 10.0.0.1 10.0.0.9 21 ftp://10.0.0.9/x.bin in 39424 success", map[string]string{"user": "ftp"}},
		{`{"preview":false,"result":{"_raw":"{\"ts\":1187379117.5,\"uid\":\"CpQ\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"10.0.0.9\",\"user\":\"ftp\",\"password\":\"hunter2\",\"command\":\"STOR\",\"arg\":\"up\"}"}}`, "zeek ftp STOR 10.0.0.1 10.0.0.9 - up out - -", nil},
		{`{"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.9","id.resp_p":22,"auth_success":false,"auth_attempts":2}`, "zeek ssh - 10.0.0.1 10.0.0.9 22 - - - failure", nil},
		{`{"ts":1617062400.0,"ts_delta":900.0,"peer":"zeek","gaps":0,"acks":0,"percent_lost":0.0}`, "zeek other - - - - - - - -", nil},
		{`{"ts":1617062400.0,"level":"info","msg":"some other program's"}`, "", nil},
		{`{"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.9","facility":"LOCAL7","severity":"NOTICE","message":"29: %SYS-5-RELOAD: x"}`, "zeek-syslog - - - - - - - - -", map[string]string{"message": "29: %SYS-5-RELOAD: x", "syslog_facility": "local7"}},
		{`{"type":"NETFLOW_V9","sampling_rate":10,"sampler_address":"10.0.0.254","time_flow_end_ns":1681583295157626000,"bytes":1500,"src_addr":"10.0.0.9","dst_addr":"10.0.0.1","proto":"UDP","src_port":50001,"dst_port":40001}`, "goflow2 flow - 10.0.0.9 10.0.0.1 40001 - - - -", map[string]string{"bytes_to_server": "1500", "sampling_rate": "10", "protocol": "udp"}},
		{`{"Type":"NETFLOW_V9","SamplerAddress":"10.0.0.254","TimeFlowEnd":1681583295,"Bytes":1500,"SrcAddr":"10.0.0.9","DstAddr":"10.0.0.1","Proto":17,"SrcPort":1,"DstPort":2}`, "goflow2 flow - 10.0.0.9 10.0.0.1 2 - - - -", map[string]string{"protocol": "udp"}},
		{`{"type":"FLOW","first":"2026-11-22T01:04:57.123","last":"2026-11-22T01:05:57.123","in_packets":1,"in_bytes":46,"proto":17,"src4_addr":"10.0.0.1","dst4_addr":"10.0.0.9","src_port":1,"dst_port":69},`, "nfdump flow - 10.0.0.1 10.0.0.9 69 - - - -", map[string]string{"bytes_to_server": "46"}},
		{"2026-11-22 01:04:57 core1 [UDP: [10.0.0.1]:52344->[10.0.0.2]:162]:", "snmptrap trap-head - - - - - - - -", nil},
		{"DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (29) 0:00:00.29\tSNMPv2-MIB::snmpTrapOID.0 = OID: SNMPv2-MIB::coldStart\tx = y", "snmptrap trap - - - - - - - -", map[string]string{"name": "coldStart", "uptime": "29"}},
		{"snmptrapd[9]: 2026-11-22 01:04:57 <UNKNOWN> [UDP: [10.0.0.1]:161->[10.0.0.2]:162]: .1.3.6.1.2.1.1.3.0 = Timeticks: (1234) 0:00:12.34, .1.3.6.1.6.3.1.1.4.1.0 = OID: .1.3.6.1.4.1.9.9.10.1.3.0.1, .1.3.6.1.4.1.9.9.10.1.2.1.1.8.7 = INTEGER: 2",
			"snmptrap trap - - - - - - - 2", map[string]string{"name": "ciscoFlashCopyCompletionTrap", "uptime": "1234"}},
		{"2026-11-22 01:04:57 10.0.0.1(via UDP: [10.0.0.1]:161->[10.0.0.2]:162) TRAP, SNMP v1, community hunter2\n\tSNMPv2-SMI::enterprises.9.1.516 Warm Start Trap (1) Uptime: 0:00:12.34\n", "snmptrap trap - - - - - - - -", map[string]string{"name": "warmStart", "uptime": "0:00:12.34"}},
		{"2026-11-22 01:04:57 10.0.0.1(via UDP: [10.0.0.1]:161->[10.0.0.2]:162) TRAP, SNMP v1, community hunter2\n\tSNMPv2-SMI::enterprises.9.9.43.2 Enterprise Specific Trap (1) Uptime: 0:00:12.34\n\tSNMPv2-SMI::enterprises.9.9.43.1.1.6.1.5.9 = INTEGER: 4",
			"snmptrap trap - - - - - - - -", map[string]string{"name": "ciscoConfigManEvent", "config_destination": "4"}},
		{"iso.3.6.1.2.1.1.3.0 = Timeticks: (29) 0:00:00.29\tiso.3.6.1.6.3.1.1.4.1.0 = OID: iso.3.6.1.6.3.1.1.5.1", "snmptrap trap - - - - - - - -", map[string]string{"name": "coldStart", "uptime": "29"}},
		{"%LINK-3-UPDOWN [UDP: [10.0.0.1] is a message", "", nil},
	} {
		r := readAny(test.line)
		got := ""
		if r.Format != "" {
			got = short(&r)
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
		for name, want := range test.also {
			if got := r.Fields.Get(name); got != want {
				t.Errorf("%s\n%s is %q, want %q", test.line, name, got, want)
			}
		}
		if strings.Contains(fmt.Sprint(r), "hunter2") {
			t.Errorf("%s\na password is kept: %v", test.line, r)
		}
	}
}

// play parses lines of one file and takes them through a Joiner.
func play(j *Joiner, lines ...string) (out []alerts.Record) {
	emit := func(r alerts.Record) { out = append(out, r) }
	for i, line := range lines {
		r := readAny(line)
		r.Origin = alerts.Origin{Source: "file", Line: i + 1}
		j.Add(r, emit)
	}
	j.Flush(time.Time{}, emit)
	return out
}

func TestTables(t *testing.T) {
	out := play(NewJoiner(nil),
		"1617062390.667048\tCGUiHy4kLIF2ml95eg\t10.0.0.1\t41407\t10.0.0.9\t69\tF\tx.bin\t-",
		`#separator \x09`, "#unset_field\t-", "#path\ttftp", "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\twrq\tfname\tsize",
		"1617062390.667048\tCGUiHy4kLIF2ml95eg\t10.0.0.1\t41407\t10.0.0.9\t69\tF\tx.bin\t-",
		"1617062390.667048\tCGUiHy4kLIF2ml95eg\tshort",
		`#separator \x09`, "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tconn_state\tresp_bytes",
		"1617062390.667048\tCGUiHy4kLIF2ml95eg\t10.0.0.1\t41407\t10.0.0.9\t69\tSF\t77",
	)
	var got []string
	for _, i := range []int{0, 5, 6, 9} {
		got = append(got, short(&out[i]))
		if out[i].Fields.Has(tableRow) {
			t.Errorf("a row is left in %v", out[i].Fields)
		}
	}
	want := []string{"zeek-tsv - - - - - - - - -", "zeek-tsv tftp read 10.0.0.1 10.0.0.9 69 x.bin in - -", "zeek-tsv - - - - - - - - -", "zeek-tsv conn - 10.0.0.1 10.0.0.9 69 - - - SF"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}

	for _, test := range [][]string{
		{"ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt", "2026-11-22 01:04:57,2026-11-22 01:05:57,60.000,10.0.0.9,10.0.0.1,50001,22,TCP,........,0,0,20000,26000000,0,0"},
		{"firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows", "2026-11-22 01:04:57.123,60.000,TCP,10.0.0.9,50001,10.0.0.1,22,20000,26000000,1"},
	} {
		out := play(NewJoiner(nil), test...)
		if got := short(&out[1]); got != "nfdump flow - 10.0.0.9 10.0.0.1 22 - - - -" || out[1].Fields.Get(BytesToServer) != "26000000" {
			t.Errorf("%s: %v", got, out[1].Fields)
		}
	}
}

func TestTrapOnTwoLines(t *testing.T) {
	out := play(NewJoiner(nil), "2026-11-22 01:04:57 core1 [UDP: [10.0.0.1]:52344->[10.0.0.2]:162]:", "DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (29) 0:00:00.29\tSNMPv2-MIB::snmpTrapOID.0 = OID: SNMPv2-MIB::coldStart")
	if len(out) != 2 || out[1].Hosts[0] != "10.0.0.1" || out[1].Time.IsZero() {
		t.Errorf("%+v", out)
	}
}

func eveFlow(at int, client, server string, clientPort, port int, toServer, toClient int64) string {
	return fmt.Sprintf(`{"timestamp":"2026-11-22T01:%02d:%02d.0+0000","event_type":"flow","src_ip":"%s","src_port":%d,"dest_ip":"%s","dest_port":%d,"proto":"UDP","flow":{"bytes_toserver":%d,"bytes_toclient":%d}}`,
		at/60, at%60, client, clientPort, server, port, toServer, toClient)
}

func TestVolume(t *testing.T) {
	device := func(a netip.Addr) bool { return a == netip.MustParseAddr("10.0.0.1") }
	for _, test := range []struct {
		name  string
		lines []string
		want  []string // "size port lines"
	}{
		{"one download", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 80, 100, 26e6)}, []string{"26000000 80 file:1"}},
		{"a push by SCP", []string{eveFlow(0, "10.0.0.9", "10.0.0.1", 41000, 22, 26e6, 100)}, []string{"26000000 22 file:1"}},
		{"an export is none", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 80, 26e6, 100)}, nil},
		{"no device", []string{eveFlow(0, "10.0.0.7", "10.0.0.9", 41000, 80, 100, 26e6)}, nil},
		{"a port of no service", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 53, 100, 26e6)}, nil},
		{"a configuration", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 22, 100, 9e5)}, nil},
		{"added up within ten minutes", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 80, 0, 3e6), eveFlow(500, "10.0.0.1", "10.0.0.9", 41001, 80, 0, 3e6)}, []string{"6000000 80 file:1 file:2"}},
		{"not beyond ten minutes", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 80, 0, 3e6), eveFlow(700, "10.0.0.1", "10.0.0.9", 41001, 80, 0, 3e6)}, nil},
		{"not of two peers", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 80, 0, 3e6), eveFlow(10, "10.0.0.1", "10.0.0.8", 41001, 80, 0, 3e6)}, nil},
		{"TFTP: data between high ports, behind the request", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 69, 60, 0), eveFlow(30, "10.0.0.9", "10.0.0.1", 50000, 41000, 26e6, 100)}, []string{"26000000 69 file:1 file:2"}},
		{"high ports alone", []string{eveFlow(30, "10.0.0.9", "10.0.0.1", 50000, 41000, 26e6, 100)}, nil},
		{"told once in a window", []string{eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 80, 0, 6e6), eveFlow(60, "10.0.0.1", "10.0.0.9", 41000, 80, 0, 6e6), eveFlow(900, "10.0.0.1", "10.0.0.9", 41000, 80, 0, 6e6)}, []string{"6000000 80 file:1", "6000000 80 file:3"}},
	} {
		var got []string
		for _, r := range play(NewJoiner(device), test.lines...) {
			if r.Format != Volume {
				continue
			}
			words := []string{r.Fields.Get(alerts.Size), r.Fields.Get(alerts.Port)}
			for _, f := range r.Fields {
				if f.Name == "line" {
					words = append(words, f.Value)
				}
			}
			got = append(got, strings.Join(words, " "))
			if r.Fields.Get(alerts.Client) != "10.0.0.1" || r.Fields.Get(alerts.Direction) != in || r.Raw == "" {
				t.Errorf("%s: %+v", test.name, r)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestVolumeIsBounded(t *testing.T) {
	j := NewJoiner(func(netip.Addr) bool { return true })
	emit := func(alerts.Record) {}
	for i := range 3 * maxSums {
		r := readAny(eveFlow(i%3000, fmt.Sprintf("10.%d.%d.1", i>>8&255, i&255), "10.0.0.9", 41000, 80, 1, 1))
		for range 2 {
			j.Add(r, emit)
		}
	}
	if n := j.volumes.sums.Len(); n > maxSums {
		t.Errorf("%d sums", n)
	}
	for i := range 1000 {
		j.Add(readAny(eveFlow(i%60, "10.0.0.1", "10.0.0.9", 41000, 80, 1, 1)), emit)
	}
	if s, _ := j.volumes.sums.Get("10.0.0.1 10.0.0.9 eve"); len(s.flows) > maxFlows {
		t.Errorf("%d flows", len(s.flows))
	}
}

// TestScoreboard says how many lines of the collection each format knew.
func TestScoreboard(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/logs/network_sensor/*.log")
	if len(files) == 0 {
		t.Skip("no ../shared/logs/network_sensor here")
	}
	known, lines := map[string]int{}, 0
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		s := bufio.NewScanner(file)
		for s.Buffer(nil, 1<<20); s.Scan(); lines++ {
			r := readAny(s.Text())
			known[strings.TrimSpace(r.Format+" "+r.Fields.Get(alerts.Type))]++
			if r.Format == "" {
				t.Logf("no format knew %.200q", s.Text())
			}
		}
	}
	t.Logf("%d lines: %v", lines, known)
	if known[""] > 0 {
		t.Errorf("%d lines are not known", known[""])
	}
}

func FuzzRead(f *testing.F) {
	for _, line := range []string{
		eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 69, 60, 9e6), `{"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.9","password":"x","command":"RETR","arg":"a"}`,
		"#fields\tts\tuid", "1617062390.667048\tCGUiHy4kLIF2ml95eg\t10.0.0.1", "ts,te,td,sa,da,sp,dp", "2026-11-22 01:04:57,2026-11-22 01:05:57,60.000,10.0.0.9,10.0.0.1,50001,22,TCP",
		"DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (29) 0:00:00.29\tSNMPv2-MIB::snmpTrapOID.0 = OID: SNMPv2-MIB::coldStart", " TRAP, SNMP v1, community x\n Enterprise Specific Trap (1)",
	} {
		f.Add(line, line)
	}
	f.Fuzz(func(t *testing.T, head, line string) {
		j := NewJoiner(func(netip.Addr) bool { return true })
		left := 0
		emit := func(r alerts.Record) {
			if r.Format != Volume {
				left--
			}
			if r.Fields.Has(tableRow) {
				t.Fatalf("a row is left of %q, %q", head, line)
			}
		}
		for _, text := range []string{head, line} {
			for _, format := range Formats {
				r := alerts.Record{Raw: text, Hosts: []string{"relay"}}
				if !format.Read(text, &r) {
					if len(r.Fields) > 0 || r.Format != "" || r.Raw != text || len(r.Hosts) != 1 {
						t.Fatalf("%s did not know %q and left %+v", format.Name, text, r)
					}
					continue
				}
				if r.Kind != alerts.Sensor || r.Format != format.Name {
					t.Fatalf("%s read %q as %q, %q", format.Name, text, r.Kind, r.Format)
				}
				left++
				j.Add(r, emit)
			}
		}
		j.Flush(time.Time{}, emit)
		if left > 0 {
			t.Fatalf("%d records of %q, %q did not come out", left, head, line)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	line := eveFlow(0, "10.0.0.1", "10.0.0.9", 41000, 69, 60, 9e6)
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		var r alerts.Record
		if !readEVE(line, &r) {
			b.Fatal("not read")
		}
	}
}
