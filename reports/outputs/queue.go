package outputs

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A queue is a folder for each output, with a file for each batch of messages. A batch is written under another name and then renamed, so that a crash leaves whole
// batches or none; beside one that is being sent stands how many of its messages are done.
//
//	siem-1/
//	├── 20261124T021500.000000000.jsonl
//	├── 20261124T021500.000000000.done   "137"
//	└── told.json                               when which finding was told, for repeat:
type queue struct{ folder string }

// A message is what is sent, rendered.
type message struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Subject string `json:"subject,omitempty"` // of mail
}

// Bounds of a queue: what is beyond is refused aloud, and never dropped in silence.
const (
	batchMessages = 500
	mostBatches   = 4000 // two million messages
)

const (
	batchEnding = ".jsonl"
	doneEnding  = ".done"
)

// batches are the names of those that wait, oldest first.
func (q queue) batches() ([]string, error) {
	entries, err := os.ReadDir(q.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), batchEnding) && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// put adds a batch behind those that wait.
func (q queue) put(messages []message) error {
	if err := os.MkdirAll(q.folder, 0o700); err != nil {
		return err
	}
	waiting, err := q.batches()
	if err != nil {
		return err
	}
	if len(waiting) >= mostBatches {
		return fmt.Errorf("%s: %d batches wait, and no more are kept: mend the output, or empty the folder", q.folder, len(waiting))
	}
	temporary, err := os.CreateTemp(q.folder, ".batch-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	out := bufio.NewWriter(temporary)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for _, m := range messages {
		if err := encoder.Encode(m); err != nil {
			temporary.Close()
			return err
		}
	}
	if err := errors.Join(out.Flush(), temporary.Sync(), temporary.Close()); err != nil {
		return fmt.Errorf("%s: %w", q.folder, err)
	}
	// A link takes no other batch's place, should the clock have been set back.
	for {
		name := filepath.Join(q.folder, time.Now().UTC().Format("20060102T150405.000000000")+batchEnding)
		if err := os.Link(temporary.Name(), name); !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// read returns the messages of a batch that are not done, and how many are.
func (q queue) read(name string) ([]message, int, error) {
	file, err := os.Open(filepath.Join(q.folder, name))
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	done := 0
	if text, err := os.ReadFile(q.donePath(name)); err == nil {
		if done, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil || done < 0 {
			done = 0 // sent twice rather than never
		}
	}
	var messages []message
	decoder := json.NewDecoder(bufio.NewReader(file))
	for n := 0; decoder.More(); n++ {
		var m message
		if err := decoder.Decode(&m); err != nil {
			return nil, 0, fmt.Errorf("%s: message %d: %w; move the file away to go on", filepath.Join(q.folder, name), n+1, err)
		}
		if n >= done {
			messages = append(messages, m)
		}
	}
	return messages, done, nil
}

func (q queue) donePath(name string) string {
	return filepath.Join(q.folder, strings.TrimSuffix(name, batchEnding)+doneEnding)
}

// mark notes how many messages of a batch are done.
func (q queue) mark(name string, done int) error {
	return os.WriteFile(q.donePath(name), []byte(strconv.Itoa(done)+"\n"), 0o600)
}

// finish takes a batch out.
func (q queue) finish(name string) error {
	err := os.Remove(filepath.Join(q.folder, name))
	if e := os.Remove(q.donePath(name)); e != nil && !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}

// waiting counts the messages that wait.
func (q queue) waiting() (int, error) {
	names, err := q.batches()
	if err != nil {
		return 0, err
	}
	total := 0
	for _, name := range names {
		messages, _, err := q.read(name)
		if err != nil {
			return total, err
		}
		total += len(messages)
	}
	return total, nil
}

// told is when which finding was told last.
type told map[string]time.Time

func (q queue) toldPath() string { return filepath.Join(q.folder, "told.json") }

func (q queue) loadTold() (told, error) {
	text, err := os.ReadFile(q.toldPath())
	if errors.Is(err, fs.ErrNotExist) {
		return told{}, nil
	}
	if err != nil {
		return nil, err
	}
	t := told{}
	if err := json.Unmarshal(text, &t); err != nil {
		return told{}, nil // told again rather than never
	}
	return t, nil
}

func (q queue) saveTold(t told, now time.Time, repeat time.Duration) error {
	for id, at := range t {
		if now.Sub(at) >= repeat {
			delete(t, id)
		}
	}
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(q.folder, 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(q.folder, ".told-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(text)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), q.toldPath())
}
