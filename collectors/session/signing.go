package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"trueboot/inventory"
)

// SigningKey returns the key with which a file's signature is made. The file holds a private key, which a passphrase may lock, or a public one,
// for which the SSH agent then signs, as with "ssh-keygen -Y sign -f". Whoever got it calls done.
func SigningKey(ctx context.Context, path string, passphrase inventory.Secret, from *Credentials) (key ssh.Signer, done func(), err error) {
	path, err = withoutTilde(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxKeyFile {
		err = fmt.Errorf("%s is longer than %d bytes", path, maxKeyFile)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("key: %w", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("key: %w", err)
	}
	if public, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
		return agentKey(ctx, path, public)
	}
	var locked *ssh.PassphraseMissingError
	if _, err := ssh.ParsePrivateKey(text); errors.As(err, &locked) && passphrase == "" {
		passphrase = inventory.FromPrompt
	}
	word, err := from.fetch(ctx, passphrase, "passphrase of "+path)
	if err != nil {
		return nil, nil, err
	}
	keys, err := readKey(path, word)
	if err != nil {
		return nil, nil, err
	}
	return keys[len(keys)-1], func() {}, nil // the key itself, not a certificate of it
}

func agentKey(ctx context.Context, path string, public ssh.PublicKey) (ssh.Signer, func(), error) {
	conn, err := dialAgent(ctx)
	if err != nil {
		return nil, nil, err
	}
	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		conn.Close()
		return nil, nil, fmt.Errorf("SSH agent: %w", err)
	}
	for _, s := range signers {
		if bytes.Equal(s.PublicKey().Marshal(), public.Marshal()) {
			return s, func() { conn.Close() }, nil
		}
	}
	conn.Close()
	return nil, nil, fmt.Errorf("SSH agent: it does not hold the private key of %s; run ssh-add", path)
}
