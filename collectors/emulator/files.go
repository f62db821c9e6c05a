package emulator

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/crypto/ssh"

	"trueboot/facts"
)

// servedFile finds a file that the device serves: "scp -f flash:/x" and "scp -f flash:x" are one.
func (d *Device) servedFile(command string) (name, content string, scp bool) {
	file, ok := strings.CutPrefix(command, "scp -f ")
	if !ok || d.Served == nil {
		return "", "", false
	}
	for served, content := range d.Served {
		if facts.SamePath(served, file) {
			return path.Base(strings.ReplaceAll(served, ":", "/")), content, true
		}
	}
	return "", "", true
}

// sendFile plays the sending end of scp, which has no document but OpenSSH's scp.c.
func (c *connection) sendFile(channel ssh.Channel, command string) {
	defer channel.Close()
	from := bufio.NewReader(channel)
	status := uint32(0)
	if name, content, _ := c.device.servedFile(command); name == "" {
		fmt.Fprintf(channel, "\x01%s: No such file or directory\n", strings.TrimPrefix(command, "scp -f "))
		status = 1
	} else if _, err := from.ReadByte(); err == nil {
		fmt.Fprintf(channel, "C0644 %d %s\n", len(content), name)
		from.ReadByte()
		io.WriteString(channel, content+"\x00")
		from.ReadByte()
	}
	channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{status}))
}
