package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/inventory"
)

// Files fetches files from a device over SFTP (draft-ietf-secsh-filexfer-02), or where it has no SFTP server over SCP, as "scp -O" does.
// It reads and does nothing else. It is not safe for concurrent use.
type Files struct {
	client *ssh.Client
	server *sftp.Client // nil where SCP is used
	limits Limits
	alive  *keepalive
	came   *progress // of the file that is fetched
}

// How a file is read over SFTP: so many requests of so many bytes are on their way at once, since each takes a round trip. An SSH channel has
// room for 2 MiB. A server may answer a request with fewer bytes.
const (
	sftpRequest  = 64 << 10
	sftpRequests = 32
)

// mostPulled is the largest file that is fetched: larger than any image.
const mostPulled = 16 << 30

// OpenFiles logs in to a device to fetch files. The error is a *collectors.Failure.
func (d *Dialer) OpenFiles(ctx context.Context, device inventory.Device) (*Files, error) {
	p := devicePeer(device)
	l, f := d.connect(ctx, p)
	if f != nil {
		return nil, f
	}
	s := &Files{client: l.client, limits: d.limits, came: new(progress)}
	s.alive = keepAlive(l.client, d.limits.Keepalive, func() { l.client.Close() })
	if f := s.openSFTP(ctx); f != nil {
		s.Close()
		return nil, within(f, p.address())
	}
	return s, nil
}

// openSFTP asks for the subsystem. A device that has none is asked over SCP.
func (s *Files) openSFTP(ctx context.Context) *collectors.Failure {
	limited, cancel := context.WithTimeoutCause(ctx, s.limits.Login, errTooSlow)
	defer cancel()
	stop := context.AfterFunc(limited, func() { s.client.Close() })
	defer stop()
	session, err := s.client.NewSession()
	if err != nil {
		return failed(facts.SessionLost, "the device opened no channel for files: %w", err)
	}
	in, err := session.StdinPipe()
	if err != nil {
		return failed(facts.SessionLost, "%w", err)
	}
	out, err := session.StdoutPipe()
	if err != nil {
		return failed(facts.SessionLost, "%w", err)
	}
	if err := session.RequestSubsystem("sftp"); err != nil {
		session.Close()
		if limited.Err() != nil {
			return failed(facts.Timeout, "the device did not answer the request for SFTP within %v", s.limits.Login)
		}
		return nil
	}
	s.server, err = sftp.NewClientPipe(out, in, sftp.MaxPacketUnchecked(sftpRequest))
	if err != nil {
		s.server = nil
		session.Close()
		if limited.Err() != nil {
			return failed(facts.Timeout, "the device's SFTP server did not begin within %v", s.limits.Login)
		}
	}
	return nil
}

// Protocol is how files are fetched: "sftp" or "scp".
func (s *Files) Protocol() string {
	if s.server != nil {
		return "sftp"
	}
	return "scp"
}

// Pull fetches a file and writes it to w as it comes; size is how many bytes it had. A device that sends nothing of it for a while
// ends the pull. The error is a *collectors.Failure; that there is no server for files has the reason facts.WouldModify.
func (s *Files) Pull(ctx context.Context, path string, w io.Writer) (size int64, err error) {
	if err := collectors.CheckArgument(path); err != nil {
		return 0, failed(facts.UnsafeArgument, "%w", err)
	}
	defer context.AfterFunc(ctx, func() { s.client.Close() })()
	defer s.came.watch(stalled, func() { s.client.Close() })()
	w = &notingWriter{w, s.came}
	if s.server != nil {
		size, err = s.pullSFTP(path, w)
	} else {
		size, err = s.pullSCP(path, w)
	}
	var f *collectors.Failure
	switch {
	case err == nil:
		return size, nil
	case ctx.Err() != nil:
		return size, failed(facts.SessionLost, "given up: %w", context.Cause(ctx))
	case s.came.silent(stalled):
		return size, failed(facts.Timeout, "the device sent nothing of %q for %v", path, stalled)
	case errors.As(err, &f):
		return size, f
	}
	return size, failed(facts.SessionLost, "%q: %w", path, err)
}

// stalled is how long a device may send no byte of a file, whatever else it sends meanwhile.
const stalled = 60 * time.Second

func (s *Files) pullSFTP(path string, w io.Writer) (int64, error) {
	file, err := s.server.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, failed(facts.NothingToAskFor, "the device's SFTP server has no file %q", path)
	case errors.Is(err, fs.ErrPermission):
		return 0, failed(facts.NoPrivilege, "the device's SFTP server does not let the account read %q", path)
	case err != nil:
		return 0, err
	}
	defer file.Close()
	return readInOrder(file, &atMost{w, mostPulled})
}

// readInOrder copies a file with several reads on their way at once. The library's own WriteTo leaves a hole where a server answers a request
// with fewer bytes than it was asked for, as the protocol lets it.
func readInOrder(from io.ReaderAt, to io.Writer) (written int64, err error) {
	type part struct {
		at   int64
		text []byte
		n    int
		err  error
		done chan struct{}
	}
	work, order, free := make(chan *part, sftpRequests), make(chan *part, sftpRequests), make(chan *part, sftpRequests)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	defer readers.Wait()
	defer close(stop)
	for range sftpRequests {
		free <- &part{text: make([]byte, sftpRequest)}
		readers.Go(func() {
			for p := range work {
				p.n, p.err = from.ReadAt(p.text, p.at)
				close(p.done)
			}
		})
	}
	go func() {
		defer close(work)
		for at := int64(0); ; at += sftpRequest {
			select {
			case p := <-free:
				p.at, p.done = at, make(chan struct{})
				work <- p // there is room: there are no more parts than that
				order <- p
			case <-stop:
				return
			}
		}
	}()
	for p := range order {
		<-p.done
		if p.n > 0 {
			n, err := to.Write(p.text[:p.n])
			if written += int64(n); err != nil {
				return written, err
			}
		}
		if errors.Is(p.err, io.EOF) {
			return written, nil
		}
		if p.err != nil {
			return written, p.err
		}
		free <- p
	}
	return written, io.ErrUnexpectedEOF // order is never closed
}

// pullSCP plays the receiving end of scp, which OpenSSH's manual of scp(1) calls -f on the other side.
//
//	C0644 97794040 c2900-universalk9-mz.SPA.152-4.M6.bin
func (s *Files) pullSCP(path string, w io.Writer) (size int64, err error) {
	session, err := s.client.NewSession()
	if err != nil {
		return 0, err
	}
	defer session.Close()
	in, err := session.StdinPipe()
	if err != nil {
		return 0, err
	}
	out, err := session.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := session.Start("scp -f " + path); err != nil {
		return 0, noServer()
	}
	from := bufio.NewReaderSize(out, 64<<10)
	acknowledge := func() error { _, err := in.Write([]byte{0}); return err }
	if err := acknowledge(); err != nil {
		return 0, noServer()
	}
	if size, err = scpHeader(from, path); err != nil {
		return 0, err
	}
	if err := acknowledge(); err != nil {
		return 0, err
	}
	n, err := io.CopyN(w, from, size)
	if err != nil {
		return n, fmt.Errorf("cut short after %d of %d bytes: %w", n, size, err)
	}
	if last, err := from.ReadByte(); err != nil || last != 0 {
		return n, errors.New("the device reports an error at the end of the file")
	}
	return n, acknowledge()
}

func noServer() *collectors.Failure {
	return failed(facts.WouldModify, "the device serves no files over SFTP or SCP")
}

// scpHeader reads what comes before a file.
func scpHeader(from *bufio.Reader, path string) (int64, error) {
	for {
		line, err := from.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return 0, noServer()
		case err != nil:
			return 0, noServer()
		}
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			continue
		}
		switch text[0] {
		case 'T': // times, with -p
			continue
		case 1, 2:
			words := text[1:]
			switch lower := strings.ToLower(words); {
			case strings.Contains(lower, "no such file"), strings.Contains(lower, "not found"):
				return 0, failed(facts.NothingToAskFor, "the device has no file %q: %.200q", path, words)
			case strings.Contains(lower, "permission"), strings.Contains(lower, "privilege"), strings.Contains(lower, "authoriz"):
				return 0, failed(facts.NoPrivilege, "the device does not let the account read %q: %.200q", path, words)
			case strings.Contains(lower, "administratively disabled"), strings.Contains(lower, "not enabled"), strings.Contains(lower, "disabled"):
				return 0, noServer()
			}
			return 0, fmt.Errorf("the device refuses to send %q: %.200q", path, words)
		case 'C':
			fields := strings.SplitN(text[1:], " ", 3)
			if len(fields) != 3 {
				return 0, fmt.Errorf("not a file's announcement: %.200q", text)
			}
			size, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil || size < 0 || size > mostPulled {
				return 0, fmt.Errorf("a file of %.40q bytes", fields[1])
			}
			return size, nil
		default: // a command line that does not know scp says so in words
			return 0, noServer()
		}
	}
}

// Close ends the connection.
func (s *Files) Close() error {
	if s.alive != nil {
		s.alive.stop()
	}
	if s.server != nil {
		s.server.Close()
	}
	return s.client.Close()
}

// atMost refuses what goes beyond a number of bytes.
type atMost struct {
	w    io.Writer
	left int64
}

func (a *atMost) Write(p []byte) (int, error) {
	if int64(len(p)) > a.left {
		return 0, fmt.Errorf("the file has more than %d bytes", int64(mostPulled))
	}
	a.left -= int64(len(p))
	return a.w.Write(p)
}
