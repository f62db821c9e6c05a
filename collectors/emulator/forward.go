package emulator

import (
	"io"
	"net"
	"strconv"
	"time"

	"golang.org/x/crypto/ssh"
)

// directTCPIP is the payload of a channel to be forwarded: RFC 4254, section 7.2.
type directTCPIP struct {
	Host       string
	Port       uint32
	OriginHost string
	OriginPort uint32
}

const forwardTimeout = 10 * time.Second

// forward joins a channel to an address on loopback, and to nothing else: the emulator is
// no way out of the machine.
func (c *connection) forward(offered ssh.NewChannel) {
	var to directTCPIP
	if err := ssh.Unmarshal(offered.ExtraData(), &to); err != nil || to.Port > 65535 {
		offered.Reject(ssh.ConnectionFailed, "malformed request")
		return
	}
	if to.Host == "localhost" {
		to.Host = "127.0.0.1"
	}
	if ip := net.ParseIP(to.Host); ip == nil || !ip.IsLoopback() {
		offered.Reject(ssh.Prohibited, "only loopback addresses are reached from here")
		return
	}
	peer, err := net.DialTimeout("tcp", net.JoinHostPort(to.Host, strconv.Itoa(int(to.Port))), forwardTimeout)
	if err != nil {
		offered.Reject(ssh.ConnectionFailed, "connection refused")
		return
	}
	defer peer.Close()
	channel, requests, err := offered.Accept()
	if err != nil {
		return
	}
	defer channel.Close()
	c.server.running.Go(func() { ssh.DiscardRequests(requests) })
	c.server.running.Go(func() {
		io.Copy(peer, channel)
		peer.(*net.TCPConn).CloseWrite()
	})
	io.Copy(channel, peer)
}
