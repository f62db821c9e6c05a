package outputs

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"trueboot/reports"
)

// label escapes a label's value (Prometheus text format 0.0.4).
var label = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// writePrometheus writes the file that node_exporter's textfile collector reads, whole or not at all.
func writePrometheus(path string, run reports.Run, sum *Sum, devices []Device) error {
	var b strings.Builder
	metric := func(name, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name) }
	metric("trueboot_run_start_timestamp_seconds", "When the last run began.")
	fmt.Fprintf(&b, "trueboot_run_start_timestamp_seconds %d\n", run.Started.Unix())
	metric("trueboot_run_duration_seconds", "How long the last run took.")
	fmt.Fprintf(&b, "trueboot_run_duration_seconds %g\n", sum.Elapsed)
	metric("trueboot_run_exit_status", "0 all as approved, 1 failed, 3 not all assessed, 4 a FAIL.")
	fmt.Fprintf(&b, "trueboot_run_exit_status %d\n", sum.ExitStatus)
	metric("trueboot_failures", "FAIL findings that nothing explains, at or above the severity that counts.")
	fmt.Fprintf(&b, "trueboot_failures %d\n", sum.Failures)
	metric("trueboot_devices", "Devices of the last run by status.")
	for _, status := range slices.Sorted(maps.Keys(sum.Statuses)) {
		fmt.Fprintf(&b, "trueboot_devices{status=\"%s\"} %d\n", label.Replace(string(status)), sum.Statuses[status])
	}
	metric("trueboot_control_devices", "Devices by the worst verdict of a control.")
	for _, control := range slices.Sorted(maps.Keys(sum.Controls)) {
		c := sum.Controls[control]
		for _, v := range []struct {
			verdict string
			n       int
		}{{"PASS", c.Pass}, {"FAIL", c.Fail}, {"NOT-ASSESSED", c.NotAssessed}} {
			fmt.Fprintf(&b, "trueboot_control_devices{control=\"%s\",verdict=\"%s\"} %d\n", label.Replace(control), v.verdict, v.n)
		}
	}
	metric("trueboot_device_ok", "1 where every required control of the device is PASS, explained or waived.")
	for _, d := range devices {
		ok := 0
		if d.Status == reports.StatusOK || d.Status == reports.StatusExplained || d.Status == reports.StatusWaived {
			ok = 1
		}
		fmt.Fprintf(&b, "trueboot_device_ok{device=\"%s\",platform=\"%s\"} %d\n", label.Replace(d.Name), label.Replace(d.Platform), ok)
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".trueboot-*")
	if err != nil {
		return fmt.Errorf("prometheus: %w", err)
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(b.String())
	// node_exporter is another user and has to read it.
	if err = errors.Join(err, temporary.Chmod(0o644), temporary.Close()); err != nil {
		return fmt.Errorf("prometheus: %w", err)
	}
	return os.Rename(temporary.Name(), path)
}
