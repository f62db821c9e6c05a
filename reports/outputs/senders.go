package outputs

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/smtp"
	"os"
	"os/exec"
	"strings"
	"time"
)

// open makes the sender of an output.
func (o *Output) open(ctx context.Context, secrets Secrets) (sender, error) {
	secret := ""
	if o.Secret != "" {
		var err error
		if secret, err = secrets(ctx, o.Secret, "secret of output "+o.Name); err != nil {
			return nil, err
		}
	}
	switch o.target.Scheme {
	case "udp", "tcp", "tls":
		return o.openSyslog(ctx)
	case "http", "https":
		return o.openWeb(ctx, secret, secrets)
	case "smtp", "smtps":
		return mailer{o, secret}, nil
	case "file":
		file, err := os.OpenFile(o.path(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return nil, err
		}
		return lineFile{file}, nil
	case "exec":
		return hook{o}, nil
	}
	return nil, fmt.Errorf("output %q: nothing is sent to %s", o.Name, o.target.Scheme)
}

// tlsConfig is that of a connection to the output's host.
func (o *Output) tlsConfig() (*tls.Config, error) {
	c := &tls.Config{ServerName: o.target.Hostname(), MinVersion: tls.VersionTLS12}
	if o.CA != "" {
		text, err := os.ReadFile(o.CA)
		if err != nil {
			return nil, fmt.Errorf("ca: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("ca: %s holds no certificate in PEM form", o.CA)
		}
	}
	return c, nil
}

// dial connects to the output's host.
func (o *Output) dial(ctx context.Context, network string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	return (&net.Dialer{}).DialContext(ctx, network, o.target.Host)
}

func (o *Output) dialTLS(ctx context.Context) (net.Conn, error) {
	config, err := o.tlsConfig()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", o.target.Host)
}

// syslogSender sends messages over UDP (RFC 5426), TCP (RFC 6587, octet counting) or TLS (RFC 5425).
type syslogSender struct {
	connection net.Conn
	counted    bool
}

func (o *Output) openSyslog(ctx context.Context) (sender, error) {
	var (
		connection net.Conn
		err        error
	)
	if o.target.Scheme == "tls" {
		connection, err = o.dialTLS(ctx)
	} else {
		connection, err = o.dial(ctx, o.target.Scheme)
	}
	if err != nil {
		return nil, err
	}
	return &syslogSender{connection, o.target.Scheme != "udp"}, nil
}

func (s *syslogSender) send(ctx context.Context, m message) error {
	deadline, _ := ctx.Deadline()
	if err := s.connection.SetDeadline(deadline); err != nil {
		return err
	}
	if s.counted {
		// A server that closed says so only when it is read from: nothing else tells that what was written got lost.
		if err := stillOpen(s.connection, deadline); err != nil {
			return err
		}
		_, err := fmt.Fprintf(s.connection, "%d %s", len(m.Text), m.Text)
		return err
	}
	_, err := io.WriteString(s.connection, m.Text)
	return err
}

// stillOpen reports an end of the connection that came before.
func stillOpen(c net.Conn, deadline time.Time) error {
	if err := c.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
		return err
	}
	_, err := c.Read(make([]byte, 1))
	if t, ok := err.(net.Error); ok && t.Timeout() {
		return c.SetDeadline(deadline)
	}
	if err == nil {
		return c.SetDeadline(deadline)
	}
	return fmt.Errorf("the server closed the connection: %w", err)
}

func (s *syslogSender) Close() error { return s.connection.Close() }

// A webSender posts each message.
type webSender struct {
	output *Output
	client *http.Client
	key    string
	header http.Header
}

func (o *Output) openWeb(ctx context.Context, key string, secrets Secrets) (sender, error) {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: o.Timeout}
	if o.target.Scheme == "https" {
		var err error
		if transport.TLSClientConfig, err = o.tlsConfig(); err != nil {
			return nil, err
		}
	}
	s := &webSender{o, &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, key, http.Header{}}
	for _, h := range o.Headers {
		name, reference, ok := strings.Cut(h, ":")
		if !ok {
			return nil, fmt.Errorf("headers: %.40q: want \"Name: reference\"", h)
		}
		value, err := secrets(ctx, strings.TrimSpace(reference), "header "+name)
		if err != nil {
			return nil, err
		}
		s.header.Set(strings.TrimSpace(name), value)
	}
	return s, nil
}

// send posts a message. With a key, X-Trueboot-Signature is "sha256=" and the HMAC, in hexadecimal, over the time in X-Trueboot-Timestamp, a point, and the body.
func (s *webSender) send(ctx context.Context, m message) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.output.target.String(), strings.NewReader(m.Text))
	if err != nil {
		return err
	}
	for name, values := range s.header {
		request.Header[name] = values
	}
	request.Header.Set("Content-Type", "application/json")
	if s.output.Format == "cef" && s.output.body == nil {
		request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	request.Header.Set("User-Agent", "trueboot")
	request.Header.Set("X-Trueboot-Id", m.ID)
	if s.key != "" {
		at := fmt.Sprint(time.Now().Unix())
		mac := hmac.New(sha256.New, []byte(s.key))
		io.WriteString(mac, at+"."+m.Text)
		request.Header.Set("X-Trueboot-Timestamp", at)
		request.Header.Set("X-Trueboot-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	}
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	words, _ := io.ReadAll(io.LimitReader(response.Body, 256))
	switch code := response.StatusCode; {
	case code < 300:
		return nil
	case code == http.StatusBadRequest, code == http.StatusRequestEntityTooLarge, code == http.StatusUnprocessableEntity:
		return fmt.Errorf("%w: %s: %s", errRefused, response.Status, word(string(words)))
	default: // also what a person has to mend: nothing is lost meanwhile
		return fmt.Errorf("%s: %s", response.Status, word(string(words)))
	}
}

func (s *webSender) Close() error {
	s.client.CloseIdleConnections()
	return nil
}

// A mailer writes a mail for each message. The connection is encrypted, or the mail is not sent: by TLS from the beginning (smtps) or by STARTTLS.
type mailer struct {
	output   *Output
	password string
}

func (m mailer) send(ctx context.Context, text message) (err error) {
	o := m.output
	var connection net.Conn
	if o.target.Scheme == "smtps" {
		connection, err = o.dialTLS(ctx)
	} else {
		connection, err = o.dial(ctx, "tcp")
	}
	if err != nil {
		return err
	}
	defer connection.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := connection.SetDeadline(deadline); err != nil {
			return err
		}
	}
	client, err := smtp.NewClient(connection, o.target.Hostname())
	if err != nil {
		return err
	}
	defer client.Close()
	if o.target.Scheme == "smtp" {
		config, err := o.tlsConfig()
		if err != nil {
			return err
		}
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return errors.New("the mail server offers no STARTTLS, and mail is not sent in the clear; use smtps:// or another server")
		}
		if err := client.StartTLS(config); err != nil {
			return err
		}
	}
	if o.User != "" {
		if err := client.Auth(smtp.PlainAuth("", o.User, m.password, o.target.Hostname())); err != nil {
			return err
		}
	}
	if err := client.Mail(o.From); err != nil {
		return err
	}
	for _, to := range o.Mail {
		if err := client.Rcpt(to); err != nil {
			return err
		}
	}
	body, err := client.Data()
	if err != nil {
		return err
	}
	header := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s@trueboot>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nAuto-Submitted: auto-generated\r\n\r\n",
		o.From, strings.Join(o.Mail, ", "), mime.QEncoding.Encode("utf-8", text.Subject), time.Now().Format(time.RFC1123Z), text.ID)
	_, err = io.WriteString(body, header+strings.ReplaceAll(text.Text, "\n", "\r\n"))
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	return client.Quit()
}

func (mailer) Close() error { return nil }

// A lineFile gets a line for each message.
type lineFile struct{ *os.File }

func (f lineFile) send(_ context.Context, m message) error {
	_, err := f.WriteString(m.Text + "\n")
	return err
}

func (f lineFile) Close() error { return errors.Join(f.Sync(), f.File.Close()) }

// A hook runs a program for each message, with the message on its standard input. Nothing of a message becomes an argument.
type hook struct{ output *Output }

func (h hook) send(ctx context.Context, m message) error {
	words := strings.Fields(h.output.path())
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Stdin = strings.NewReader(m.Text + "\n")
	var said bytes.Buffer
	command.Stderr = &limited{&said, 1024}
	command.WaitDelay = time.Second
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", words[0], err, word(said.String()))
	}
	return nil
}

func (hook) Close() error { return nil }

// limited takes so many bytes and drops the rest.
type limited struct {
	to   *bytes.Buffer
	left int
}

func (l *limited) Write(b []byte) (int, error) {
	n := min(len(b), l.left)
	l.left -= n
	l.to.Write(b[:n])
	return len(b), nil
}
