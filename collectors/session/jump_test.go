package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"trueboot/collectors/emulator"
	"trueboot/facts"
	"trueboot/inventory"
)

func jumpAt(t testing.TB, name, address string) inventory.JumpHost {
	t.Helper()
	d := deviceAt(t, address)
	return inventory.JumpHost{Name: name, Address: d.Address, Port: d.Port, Username: "hopper", Password: "env:TRUEBOOT_TEST_PASSWORD"}
}

// TestJump reaches devices through a jump host, or does not.
func TestJump(t *testing.T) {
	t.Setenv("TRUEBOOT_TEST_WRONG", "hunter2-wrong")
	for name, test := range map[string]struct {
		jump   emulator.Device
		change func(*inventory.Device, *inventory.JumpHost)
		reason facts.Reason
		says   string
	}{
		"through":        {jump: emulator.Device{AllowForwarding: true}},
		"not forwarding": {reason: facts.Unreachable, says: "administratively prohibited"},
		"device is gone": {jump: emulator.Device{AllowForwarding: true}, change: func(d *inventory.Device, _ *inventory.JumpHost) { d.Port = 1 }, reason: facts.Unreachable, says: "can't reach it"},
		"unknown":        {change: func(d *inventory.Device, _ *inventory.JumpHost) { d.Jump = "none" }, reason: facts.Unreachable, says: `"none" is not in the inventory`},
		"refused":        {change: func(_ *inventory.Device, j *inventory.JumpHost) { j.Password = "env:TRUEBOOT_TEST_WRONG" }, reason: facts.LoginRefused, says: "jump host bastion"},
		"closes at once": {jump: emulator.Device{Mode: emulator.CloseAtOnce}, reason: facts.Unreachable, says: "jump host bastion"},
		"silent":         {jump: emulator.Device{Mode: emulator.SilentInLogin}, reason: facts.Timeout, says: "jump host bastion"},
		"wrong device password": {
			jump: emulator.Device{AllowForwarding: true}, change: func(d *inventory.Device, _ *inventory.JumpHost) { d.Password = "env:TRUEBOOT_TEST_WRONG" },
			reason: facts.LoginRefused, says: "refused the password",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := startDevice(t, emulator.Device{StartPrivileged: true})
			bastion := startDevice(t, test.jump)
			device, jump := deviceAt(t, server.Addr()), jumpAt(t, "bastion", bastion.Addr())
			device.Jump = "bastion"
			if test.change != nil {
				test.change(&device, &jump)
			}
			limits := hurried
			limits.Connect = 2 * hurried.Handshake // the jump host's own handshake is part of it
			d := newDialer(t, Options{JumpHosts: []inventory.JumpHost{jump}, Limits: limits})
			replies, _, f := visit(t, d, device)
			if test.reason == "" {
				if f != nil || len(replies) != 2 {
					t.Fatalf("%d replies, %v", len(replies), f)
				}
				if _, _, f = visit(t, d, device); f != nil {
					t.Fatal(f)
				}
				if n := bastion.Logins(); n != 1 {
					t.Errorf("%d logins on the jump host for two devices", n)
				}
				return
			}
			if f == nil || f.Reason != test.reason || !strings.Contains(f.Error(), test.says) {
				t.Fatalf("%v, want %q", f, test.says)
			}
			secretless(t, f.Error())
		})
	}
}

// TestJumpIsReplaced ends the connection to a jump host between two visits; the second makes a new one. A
// session that went through it ends.
func TestJumpIsReplaced(t *testing.T) {
	server := startDevice(t, emulator.Device{StartPrivileged: true})
	key, err := emulator.NewHostKey()
	if err != nil {
		t.Fatal(err)
	}
	bastion := startDevice(t, emulator.Device{AllowForwarding: true, HostKey: key})
	device := deviceAt(t, server.Addr())
	device.Jump = "bastion"
	d := newDialer(t, Options{JumpHosts: []inventory.JumpHost{jumpAt(t, "bastion", bastion.Addr())}, Limits: hurried})
	s, err := d.Open(t.Context(), device, testTerminal)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := d.bastions["bastion"]
	b.link.client.Close()
	<-b.gone
	if _, err := s.Run(t.Context(), command(t, "show version")); asFailure(err).Reason != facts.SessionLost {
		t.Errorf("the session behind it: %v", err)
	}
	if _, _, f := visit(t, d, device); f != nil {
		t.Fatal(f)
	}
	if n := bastion.Logins(); n != 2 {
		t.Errorf("%d logins on the jump host", n)
	}
}

// TestJumpChannels holds that no more devices than allowed are reached through one jump host at once, and that one
// that waits for its turn can give up.
func TestJumpChannels(t *testing.T) {
	server := startDevice(t, emulator.Device{StartPrivileged: true})
	bastion := startDevice(t, emulator.Device{AllowForwarding: true})
	device := deviceAt(t, server.Addr())
	device.Jump = "bastion"
	d := newDialer(t, Options{JumpHosts: []inventory.JumpHost{jumpAt(t, "bastion", bastion.Addr())}, JumpChannels: 1, Limits: hurried})
	first, err := d.Open(t.Context(), device, testTerminal)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	if _, err := d.Open(ctx, device, testTerminal); err == nil {
		t.Error("a second one went through")
	}
	first.Close()
	if _, _, f := visit(t, d, device); f != nil {
		t.Error(f)
	}
	if _, err := NewDialer(Options{JumpHosts: []inventory.JumpHost{{Name: "b"}, {Name: "b"}}}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a jump host of which there are two: %v", err)
	}
}

// TestJumpHostKey holds that a jump host whose key has changed gets no password, and that a device is pinned by the way that
// leads to it.
func TestJumpHostKey(t *testing.T) {
	server := startDevice(t, emulator.Device{StartPrivileged: true})
	bastion := startDevice(t, emulator.Device{AllowForwarding: true})
	device := deviceAt(t, server.Addr())
	device.Jump = "bastion"
	d := newDialer(t, Options{JumpHosts: []inventory.JumpHost{jumpAt(t, "bastion", bastion.Addr())}, Limits: hurried})
	if _, _, f := visit(t, d, device); f != nil {
		t.Fatal(f)
	}
	name := fmt.Sprintf("[%s]:%d@bastion", device.Address, device.Port)
	if len(d.hostKeys.pins.known(name)) != 1 {
		t.Errorf("%s is not pinned", name)
	}
	b := d.bastions["bastion"]
	b.link.client.Close()
	<-b.gone
	key, err := emulator.NewHostKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := bastion.Replace(emulator.Device{Transcript: testTranscript, Password: testPassword, AllowForwarding: true, HostKey: key}); err != nil {
		t.Fatal(err)
	}
	attempts := bastion.LoginAttempts()
	_, _, f := visit(t, d, device)
	if f == nil || f.Reason != facts.HostKeyChanged || bastion.LoginAttempts() != attempts {
		t.Errorf("%v, %d attempts", f, bastion.LoginAttempts()-attempts)
	}
}
