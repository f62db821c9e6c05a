package emulator

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

var errRefused = errors.New("login refused")

// serverConfig offers the ways to log in that the device has. A mode that spoils the
// login is put in for each connection (connection.config).
func (s *Server) serverConfig(d *device) *ssh.ServerConfig {
	config := &ssh.ServerConfig{ServerVersion: d.version}
	decide := func(user string, right bool) (*ssh.Permissions, error) {
		s.count(&s.attempts, 1)
		if !right || d.Mode == RefuseLogin || d.Username != "" && user != d.Username {
			return nil, errRefused
		}
		return nil, nil
	}
	if d.Password != "" && !d.NoPasswordMethod {
		config.PasswordCallback = func(meta ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			return decide(meta.User(), string(password) == d.Password)
		}
	}
	if d.Password != "" && d.KeyboardInteractive {
		config.KeyboardInteractiveCallback = func(meta ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			answers, err := ask("", "", []string{d.password}, []bool{false})
			if err != nil {
				return nil, err
			}
			return decide(meta.User(), slices.Equal(answers, []string{d.Password}))
		}
	}
	if len(d.AuthorizedKeys) > 0 {
		config.PublicKeyCallback = func(meta ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			return decide(meta.User(), slices.ContainsFunc(d.AuthorizedKeys, func(known ssh.PublicKey) bool {
				return bytes.Equal(known.Marshal(), key.Marshal())
			}))
		}
	}
	if d.Banner != "" {
		banner := wireLines(d.Banner)
		config.BannerCallback = func(ssh.ConnMetadata) string { return banner }
	}
	config.AddHostKey(d.HostKey)
	if d.Config != nil {
		d.Config(config)
	}
	return config
}

// config is the server's, spoilt where the mode says so. Only a connection can know
// when its client has gone.
func (c *connection) config() *ssh.ServerConfig {
	config := *c.device.config
	switch c.device.Mode {
	case EndlessBanner:
		banner := strings.Repeat("Unauthorized access is prohibited.\r\n", 100)
		config.PreAuthConnCallback = func(conn ssh.ServerPreAuthConn) {
			for conn.SendAuthBanner(banner) == nil {
			}
		}
	case SilentInLogin:
		wait := func() (*ssh.Permissions, error) {
			c.server.count(&c.server.attempts, 1)
			<-c.gone
			return nil, errRefused
		}
		config.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { return wait() }
		config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return wait() }
		config.KeyboardInteractiveCallback = func(ssh.ConnMetadata, ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			return wait()
		}
	case UnexpectedQuestion:
		config.PasswordCallback, config.PublicKeyCallback = nil, nil
		config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			if _, err := ask("", "", []string{"Mother's maiden name: "}, []bool{true}); err != nil {
				return nil, err
			}
			c.server.count(&c.server.attempts, 1)
			return nil, errRefused
		}
	case EndlessQuestions:
		config.PasswordCallback, config.PublicKeyCallback = nil, nil
		config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			for {
				if _, err := ask("", "", []string{c.device.password}, []bool{false}); err != nil {
					return nil, err
				}
				c.server.count(&c.server.attempts, 1)
			}
		}
	}
	return &config
}
