package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

const maxKeyFile = 64 << 10

// readKey reads a private key, and the certificate beside it if there is one ("id_ed25519-cert.pub").
// The certificate comes first.
func readKey(path string, passphrase secret) ([]ssh.Signer, error) {
	path, err := withoutTilde(path)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	pem, err := readOwnFile(path, maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	signer, err := ssh.ParsePrivateKey(pem)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		if passphrase.text == "" {
			return nil, fmt.Errorf("private key: %s is locked with a passphrase; set key_passphrase", path)
		}
		signer, err = ssh.ParsePrivateKeyWithPassphrase(pem, []byte(passphrase.text))
	}
	if err != nil {
		return nil, fmt.Errorf("private key: %s: %w", path, err)
	}
	certified, err := readCertificate(path+"-cert.pub", signer)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	if certified != nil {
		return []ssh.Signer{certified, signer}, nil
	}
	return []ssh.Signer{signer}, nil
}

// readCertificate returns nil where there is none.
func readCertificate(path string, signer ssh.Signer) (ssh.Signer, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if info.Size() > maxKeyFile {
		return nil, fmt.Errorf("%s is longer than %d bytes", path, maxKeyFile)
	}
	line, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	public, _, _, _, err := ssh.ParseAuthorizedKey(line)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	certificate, ok := public.(*ssh.Certificate)
	if !ok || !bytes.Equal(certificate.Key.Marshal(), signer.PublicKey().Marshal()) {
		return nil, fmt.Errorf("%s is no certificate of the key beside it", path)
	}
	return ssh.NewCertSigner(certificate, signer)
}

// An agentConn is a connection to the SSH agent. Each login has its own, since a request to
// an agent that waits for its owner can only be given up by closing it.
type agentConn interface {
	Read([]byte) (int, error)
	Write([]byte) (int, error)
	Close() error
}

// windowsAgent is where the OpenSSH of Windows has its agent.
const windowsAgent = `\\.\pipe\openssh-ssh-agent`

// dialAgent connects to the SSH agent.
func dialAgent(ctx context.Context) (agentConn, error) {
	socket := os.Getenv("SSH_AUTH_SOCK")
	if runtime.GOOS == "windows" {
		if socket == "" {
			socket = windowsAgent
		}
		pipe, err := os.OpenFile(socket, os.O_RDWR, 0)
		if err != nil {
			return nil, fmt.Errorf("SSH agent: %w", err)
		}
		return pipe, nil
	}
	if socket == "" {
		return nil, errors.New("SSH agent: SSH_AUTH_SOCK is not set; start an agent or set agent: false")
	}
	conn, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, fmt.Errorf("SSH agent: %w", err)
	}
	return conn, nil
}

// mostAgentKeys is how many of the agent's keys are tried: each counts as a login attempt, and a device
// takes three to six.
const mostAgentKeys = 3

func agentSigners(conn agentConn) ([]ssh.Signer, error) {
	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		return nil, fmt.Errorf("SSH agent: %w", err)
	}
	if len(signers) == 0 {
		return nil, errors.New("SSH agent: it holds no key; run ssh-add")
	}
	return signers[:min(len(signers), mostAgentKeys)], nil
}
