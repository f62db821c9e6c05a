package session

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/inventory"
)

// A peer is whom a login is for: a device or a jump host.
type peer struct {
	host
	user                 string
	password, passphrase inventory.Secret
	keyFile              string
	agent                bool
}

func devicePeer(d inventory.Device) peer {
	return peer{
		host: host{name: cmp.Or(d.Address, d.Name), port: strconv.Itoa(cmp.Or(d.Port, 22)), through: d.Jump, legacy: d.LegacySSH},
		user: d.Username, password: d.Password, passphrase: d.KeyPassphrase, keyFile: d.KeyFile, agent: d.Agent,
	}
}

// netconfPort is the port of a device's NETCONF server, unless said otherwise that of RFC 6242, section 2.
func netconfPort(d inventory.Device) string { return strconv.Itoa(cmp.Or(d.NETCONFPort, 830)) }

func jumpPeer(j inventory.JumpHost) peer {
	return peer{
		host: host{name: cmp.Or(j.Address, j.Name), port: strconv.Itoa(cmp.Or(j.Port, 22)), legacy: j.LegacySSH},
		user: j.Username, password: j.Password, passphrase: j.KeyPassphrase, keyFile: j.KeyFile, agent: j.Agent,
	}
}

func (p peer) address() string { return net.JoinHostPort(p.name, p.port) }

// account names a login with its credentials, so that one that failed is not tried again.
func (p peer) account() string {
	return strings.Join([]string{p.user, p.pinName(), string(p.password), string(p.passphrase), p.keyFile, strconv.FormatBool(p.agent)}, "\x00")
}

// authenticator fetches the credentials, before anything is dialled: a person who is asked for a password
// takes longer than a device waits. The connection to the agent is nil where none is used, and is the
// caller's to close.
func (d *Dialer) authenticator(ctx context.Context, p peer) (*authenticator, agentConn, *collectors.Failure) {
	if f := d.refusal(p); f != nil {
		return nil, nil, failed(facts.LoginRefused, "not tried again: %w", f.Err)
	}
	refuse := func(err error) (*authenticator, agentConn, *collectors.Failure) {
		if ctx.Err() != nil {
			return nil, nil, failed(facts.SessionLost, "given up: %w", context.Cause(ctx))
		}
		return nil, nil, failed(facts.NoCredentials, "%w", err)
	}
	if p.user == "" {
		return refuse(fmt.Errorf("no username is configured for it"))
	}
	if p.password == "" && p.keyFile == "" && !p.agent {
		return refuse(fmt.Errorf("neither password nor key_file nor agent is configured for it"))
	}
	a := &authenticator{}
	var err error
	if a.password, err = d.credentials.fetch(ctx, p.password, "password of "+p.user); err != nil {
		return refuse(err)
	}
	a.hidden = secrets{a.password}
	if p.keyFile != "" {
		if a.signers, err = d.key(ctx, p.keyFile, p.passphrase); err != nil {
			return refuse(err)
		}
	}
	if !p.agent {
		return a, nil, nil
	}
	conn, err := dialAgent(ctx)
	if err != nil {
		return refuse(err)
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	held, err := agentSigners(conn)
	if err != nil {
		conn.Close()
		return refuse(err)
	}
	a.signers = append(a.signers[:len(a.signers):len(a.signers)], held...)
	return a, conn, nil
}

// key returns the signers of a key file, which is read once: a passphrase costs a tenth of a second.
func (d *Dialer) key(ctx context.Context, path string, passphrase inventory.Secret) ([]ssh.Signer, error) {
	secret, err := d.credentials.fetch(ctx, passphrase, "passphrase of "+path)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	name := path + "\x00" + string(passphrase)
	if signers, ok := d.keys[name]; ok {
		return signers, nil
	}
	signers, err := readKey(path, secret)
	if err != nil {
		return nil, err
	}
	d.keys[name] = signers
	return signers, nil
}

func (d *Dialer) refusal(p peer) *collectors.Failure {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refused[p.account()]
}

func (d *Dialer) noteRefusal(p peer, f *collectors.Failure) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refused[p.account()] = f
}
