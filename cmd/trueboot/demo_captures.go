package main

import (
	"io/fs"
	"os"
	"path/filepath"

	"trueboot/collectors/capture"
	"trueboot/testdata"
)

// A playedDevice is a device of the demonstration that plays one capture before the night and another one after it. There is one of
// each platform whose devices are not made up by the emulator's fleet.
type playedDevice struct {
	name          string
	before, after string // folders of testdata
	what          string
	fails         []string
}

var playedDevices = []playedDevice{
	{"xr1", "cisco_iosxr/good", "cisco_iosxr/older", "IOS XR: somebody went back from 7.3.2 to 7.1.2",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-PK-01", "NDI-RN-01", "NDI-ST-01", "NDI-ST-06", "NDI-ST-07", "NDI-VR-01", "NDI-VR-02", "NDI-VR-04"}},
	{"nexus1", "cisco_nxos/good", "cisco_nxos/older", "NX-OS: runs an older release, without its SMU",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-PK-01", "NDI-RN-01", "NDI-RN-05", "NDI-ST-05", "NDI-ST-06", "NDI-VR-01", "NDI-VR-02"}},
	{"asa1", "cisco_asa/good", "cisco_asa/older", "ASA: runs an older release; the other unit of its pair stayed",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-RN-01", "NDI-RN-05", "NDI-ST-05", "NDI-ST-06", "NDI-VR-01", "NDI-VR-02", "NDI-VR-04"}},
	{"junos1", "juniper_junos/router", "juniper_junos/router-older", "Junos: runs an older release",
		[]string{"NDI-CC-02", "NDI-PK-01", "NDI-RN-05", "NDI-ST-01", "NDI-ST-06", "NDI-VR-01", "NDI-VR-02", "NDI-VR-04"}},
	{"eos1", "arista_eos/leaf", "arista_eos/leaf-other-image", "EOS: will boot an older image that was put on flash",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-ST-06", "NDI-ST-07"}},
	{"cx1", "aruba_aoscx/good", "aruba_aoscx/older", "AOS-CX: runs an older release",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-RN-01", "NDI-RN-05", "NDI-ST-01", "NDI-ST-02", "NDI-VR-01", "NDI-VR-02", "NDI-VR-04"}},
	{"aoss1", "aruba_aoss/good", "aruba_aoss/older", "AOS-S: runs the older image of its other bank",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-RN-01", "NDI-RN-05", "NDI-ST-01", "NDI-VR-01", "NDI-VR-02", "NDI-VR-04"}},
	{"panos1", "paloalto_panos/pair", "paloalto_panos/pair-older", "PAN-OS: runs 10.1.9 from its other partition; the peer runs 10.2.4-h3",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-PK-01", "NDI-RN-01", "NDI-RN-05", "NDI-ST-01", "NDI-VR-01", "NDI-VR-02", "NDI-VR-04"}},
	{"forti1", "fortinet_fortios/branch-firewall", "fortinet_fortios/branch-firewall-other-partition", "FortiOS: will boot its other partition", []string{"NDI-BC-04", "NDI-CC-02"}},
	{"vrp1", "huawei_vrp/good", "huawei_vrp/older", "VRP: runs an older release, without its patch",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-PK-01", "NDI-RN-01", "NDI-RN-05", "NDI-ST-01", "NDI-ST-06", "NDI-VR-01", "NDI-VR-02"}},
	{"comware1", "hpe_comware/good", "hpe_comware/older", "Comware: both members of the stack run an older release",
		[]string{"NDI-BC-04", "NDI-CC-02", "NDI-PK-01", "NDI-RN-01", "NDI-RN-05", "NDI-ST-01", "NDI-ST-06", "NDI-VR-01", "NDI-VR-02"}},
	{"bigip1", "f5_tmos/appliance", "f5_tmos/appliance-other-volume", "TMOS: will boot its other volume", []string{"NDI-BC-04", "NDI-CC-02"}},
}

// played loads the captures of a device, by way of a folder: they are read as any other capture is.
func (d playedDevice) load() (before, after *capture.Transcript, err error) {
	folder, err := os.MkdirTemp("", "trueboot-captures-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(folder)
	for _, c := range []struct {
		name string
		to   **capture.Transcript
	}{{d.before, &before}, {d.after, &after}} {
		saved, err := fs.Sub(testdata.Captures, c.name)
		if err != nil {
			return nil, nil, err
		}
		at := filepath.Join(folder, filepath.FromSlash(c.name))
		if err := os.CopyFS(at, saved); err != nil {
			return nil, nil, err
		}
		if *c.to, err = capture.Load(at); err != nil {
			return nil, nil, err
		}
	}
	return before, after, nil
}

// demoPlayed are the devices that play captures.
func demoPlayed() ([]*demoDevice, error) {
	var devices []*demoDevice
	for _, p := range playedDevices {
		before, after, err := p.load()
		if err != nil {
			return nil, err
		}
		d := &demoDevice{plays: before, then: after, fault: planted{what: p.what, fails: p.fails}}
		d.Name = p.name
		devices = append(devices, d)
	}
	return devices, nil
}
