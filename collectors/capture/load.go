package capture

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Load reads a capture. With a manifest, every reply must be there with the bytes and
// the SHA-256 that the manifest states, and no other reply beside it. Without one, each
// .txt file is the reply to the command that it is named after. Other files are not looked at.
//
// Only plain files of the folder itself are read, at most 64 MiB each and 256 MiB in
// all.
func Load(dir string) (*Transcript, error) {
	t, err := load(dir)
	if err != nil {
		return nil, fmt.Errorf("capture %q: %w", dir, err)
	}
	return t, nil
}

func load(dir string) (*Transcript, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, cause(err)
	}
	defer root.Close()
	replies, recorded, err := list(root)
	if err != nil {
		return nil, err
	}
	if recorded {
		return loadRecorded(root, replies)
	}
	if len(replies) == 0 {
		return nil, fmt.Errorf("neither a %s nor a reply in it; a reply is a file such as show_version.txt", manifestName)
	}
	return loadHandMade(root, replies)
}

// list returns the names of the replies and whether there is a manifest.
func list(root *os.Root) (replies []string, recorded bool, err error) {
	folder, err := root.Open(".")
	if err != nil {
		return nil, false, cause(err)
	}
	defer folder.Close()
	entries, err := folder.ReadDir(maxFiles + 2)
	if err != nil && err != io.EOF {
		return nil, false, cause(err)
	}
	if len(entries) > maxFiles+1 {
		return nil, false, fmt.Errorf("more than %d files in it", maxFiles)
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case name == manifestName:
			recorded = true
		case strings.HasSuffix(name, replyEnding):
			replies = append(replies, name)
		}
	}
	slices.Sort(replies)
	return replies, recorded, nil
}

func loadRecorded(root *os.Root, present []string) (*Transcript, error) {
	content, err := read(root, manifestName, maxManifest)
	if err != nil {
		return nil, err
	}
	m, err := readManifest(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestName, err)
	}
	t := &Transcript{Platform: m.Platform, Device: m.Device, Transport: m.Transport, Time: m.Time.UTC(), Nonce: m.Nonce, Facts: m.Facts, End: m.End}
	listed := make(map[string]bool, len(m.Replies))
	for _, r := range m.Replies {
		listed[r.File] = true
		text, err := read(root, r.File, r.Bytes)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%q is missing; the manifest lists it", r.File)
		case err != nil && !errors.Is(err, errTooLarge):
			return nil, err
		case err != nil || digest(text) != r.SHA256:
			return nil, fmt.Errorf("%q was changed after it was recorded: the manifest states %d bytes with sha256 %s", r.File, r.Bytes, r.SHA256)
		}
		t.Exchanges = append(t.Exchanges, Exchange{
			Command: r.Command, Text: string(text), Time: r.Time.UTC(), Elapsed: r.Elapsed, Reason: r.Reason, Error: r.Error,
		})
	}
	for _, name := range present {
		if !listed[name] {
			return nil, fmt.Errorf("%q is not in the manifest: take the file out, or the manifest, which makes it a capture put together by hand", name)
		}
	}
	return t, nil
}

func loadHandMade(root *os.Root, present []string) (*Transcript, error) {
	t := &Transcript{Nonce: zeroNonce}
	from := make(map[string]string, len(present))
	left := int64(maxTotal)
	for _, name := range present {
		text, err := read(root, name, min(maxReply, left))
		if err != nil {
			return nil, err
		}
		left -= int64(len(text))
		command := FileName(strings.TrimSuffix(name, replyEnding))
		if other, taken := from[command]; taken {
			return nil, fmt.Errorf("%q and %q are named after the same command", other, name)
		}
		from[command] = name
		t.Exchanges = append(t.Exchanges, Exchange{Command: command, Text: string(text)})
	}
	return t, nil
}

var errTooLarge = errors.New("larger than what is read (64 MiB a file, 256 MiB a capture)")

// read returns the content of a plain file of the folder. A link is refused: a capture that came
// from elsewhere must not bring in files of this machine.
func read(root *os.Root, name string, limit int64) ([]byte, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, cause(err))
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%q is not a plain file", name)
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%q: %w", name, errTooLarge)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, cause(err))
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, cause(err))
	}
	if int64(len(content)) > limit {
		return nil, fmt.Errorf("%q: %w", name, errTooLarge)
	}
	return content, nil
}

// cause takes the path off an error, which names the file already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return cmp.Or(p.Err, err)
	}
	return err
}
