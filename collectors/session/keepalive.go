package session

import (
	"time"

	"golang.org/x/crypto/ssh"
)

// A keepalive asks the peer for a sign of life now and then, so that a firewall keeps the connection and a dead peer is
// noticed. Any answer will do: most devices refuse the request, which they must (RFC 4254, section 4).
type keepalive struct {
	conn     ssh.Conn
	interval time.Duration
	lost     func()
	timer    *time.Timer
}

// unanswered is how many intervals a peer may let pass: some take their time while they hash.
const unanswered = 3

func keepAlive(conn ssh.Conn, interval time.Duration, lost func()) *keepalive {
	k := &keepalive{conn: conn, interval: interval, lost: lost}
	k.timer = time.AfterFunc(time.Hour, k.ask)
	k.timer.Reset(interval)
	return k
}

func (k *keepalive) ask() {
	overdue := time.AfterFunc(unanswered*k.interval, k.lost)
	defer overdue.Stop()
	if _, _, err := k.conn.SendRequest("keepalive@openssh.com", true, nil); err == nil {
		k.timer.Reset(k.interval)
	}
}

func (k *keepalive) stop() { k.timer.Stop() }
