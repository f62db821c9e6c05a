package compare

import (
	"fmt"
	"strconv"

	"trueboot/facts"
)

// What is in use on a file system and in no listing is the file system's own: tables, blocks that a file does not fill, what the device
// hides. It stays as it is from one visit to the next; when it jumps and no file came, something is stored that the listing leaves out.
const (
	hiddenBytes = 16 << 20 // a jump below that is the file system's own
	hiddenShare = 100      // and one below a hundredth of the whole
)

// hiddenStorage reports file systems on which more came into use since the last visit than the listings hold.
func (j *judgement) hiddenStorage() []Finding {
	if j.Previous == nil {
		return nil
	}
	before, after := j.previous.unlistedBytes(), j.observed.unlistedBytes()
	var found []Finding
	for _, now := range sortedKeys(after) {
		u := after[now]
		was, ok := before[now]
		jump := u.bytes - was.bytes
		if !ok || was.total != u.total || jump < hiddenBytes || jump < u.total/hiddenShare {
			continue
		}
		message := fmt.Sprintf("%d bytes more than at the visit of %s are in use on %s and in no listing: %d of %d in use are listed",
			jump, minute(j.Previous.Time), quote(now), u.listed, u.used)
		f := graded(Low, failed(now, message, u.fact))
		f.Expected = &Expectation{Value: fmt.Sprintf("%d bytes that no listing holds", was.bytes), Since: j.Previous.Time}
		found = append(found, f)
	}
	return found
}

// A share is how the space of a file system adds up.
type share struct {
	total, used, listed, bytes int64 // bytes are used and not listed
	fact                       facts.Fact
}

// unlistedBytes returns, for each file system that was listed to the bottom and states its space, what is in use and in no listing.
func (v *visit) unlistedBytes() map[string]share {
	shares := map[string]share{}
	if len(v.all(facts.TotalSpace)) == 0 {
		return shares
	}
	listed, directories := map[string]int64{}, directories(v)
	for _, f := range v.all(facts.File) {
		path := v.paths.canonical(f.Subject)
		system := v.paths.systemOf(path)
		if _, incomplete := v.listingGap(path); incomplete || directories[path] && !v.listing().children[path] && !v.listing().listedWith(directoryOf(path)) {
			listed[system] = -1
		}
		if size, err := strconv.ParseInt(f.Value, 10, 64); err == nil && listed[system] >= 0 && !directories[path] {
			listed[system] += size
		}
	}
	for _, t := range v.all(facts.TotalSpace) {
		system := v.paths.canonical(t.Subject)
		bytes, ok := listed[system]
		total, err := strconv.ParseInt(t.Value, 10, 64)
		// Both numbers have to be of one reply: between two, files come and go.
		for _, f := range v.all(facts.FreeSpace) {
			free, bad := strconv.ParseInt(f.Value, 10, 64)
			if !ok || bytes < 0 || err != nil || bad != nil || f.Command != t.Command || !v.paths.same(f.Subject, t.Subject) || free > total {
				continue
			}
			shares[system] = share{total: total, used: total - free, listed: bytes, bytes: total - free - bytes, fact: f}
		}
	}
	return shares
}
