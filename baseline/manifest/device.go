package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

const deviceTitle = "# trueboot baseline, device "

// A header is an approval without its facts and its retirement, which stand apart.
type header struct {
	baseline.Approval
	Facts   *struct{} `json:"facts,omitempty"`
	Retired *struct{} `json:"retired,omitempty"`
}

// DeviceText is all that was ever approved for one device, oldest first:
//
//	# trueboot baseline, device core1
//	approval {"device":"core1","number":1,…}
//	retired 1 {"by":"jo",…}
//	approval {"device":"core1","number":2,…}
//	fact	1-	boot variable	1	flash:packages.conf	show boot	3	E0
//	fact	1	running version		17.9.4a	show version	2	E0
//	fact	2-	running version		17.12.1	show version	2	E0
//
// A fact says in which approvals it stands: "1-" is in the first and all after it. So a new approval changes no line about what stayed
// as it was, and a diff shows what was approved.
func DeviceText(device string, all []baseline.Approval) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(deviceTitle + strconv.Quote(device) + "\n")
	held := map[string][]uint64{} // the numbers of the approvals, by the line of the fact
	for i, a := range all {
		if a.Number != uint64(i+1) {
			return nil, fmt.Errorf("approvals of %q: number %d stands where %d is due", device, a.Number, i+1)
		}
		text, err := json.Marshal(header{Approval: a})
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "approval %s\n", text)
		if a.Retired != nil {
			if text, err = json.Marshal(a.Retired); err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "retired %d %s\n", a.Number, text)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(factLines(a.Facts), "\n"), "\n") {
			if numbers := held[line]; len(numbers) == 0 || numbers[len(numbers)-1] != a.Number {
				held[line] = append(numbers, a.Number)
			}
		}
	}
	for _, line := range slices.Sorted(maps.Keys(held)) {
		if rest, ok := strings.CutPrefix(line, "fact\t"); ok {
			fmt.Fprintf(&b, "fact\t%s\t%s\n", ranges(held[line], uint64(len(all))), rest)
		}
	}
	return b.Bytes(), nil
}

// factLines are the facts in the text form of a set.
func factLines(all []facts.Fact) string {
	_, lines, _ := strings.Cut(string(facts.Set{Facts: all}.AppendText(nil)), "\n") // without the set's own line
	return lines
}

// ranges writes numbers: "1-2,5-" where 5 and all up to the last are among them.
func ranges(numbers []uint64, last uint64) string {
	var parts []string
	for i := 0; i < len(numbers); {
		end := i
		for end+1 < len(numbers) && numbers[end+1] == numbers[end]+1 {
			end++
		}
		part := strconv.FormatUint(numbers[i], 10)
		switch {
		case numbers[end] == last:
			part += "-"
		case end > i:
			part += "-" + strconv.FormatUint(numbers[end], 10)
		}
		parts = append(parts, part)
		i = end + 1
	}
	return strings.Join(parts, ",")
}

// parseRanges calls each with the numbers that ranges wrote, in their order.
func parseRanges(text string, last int, each func(int)) error {
	before := 0
	for part := range strings.SplitSeq(text, ",") {
		from, to, more := strings.Cut(part, "-")
		first, err := strconv.Atoi(from)
		end := first
		switch {
		case err == nil && more && to == "":
			end = last
		case err == nil && more:
			end, err = strconv.Atoi(to)
		}
		if err != nil || first <= before || end < first || end > last {
			return fmt.Errorf("%.40q does not say in which of %d approvals the fact stands", text, last)
		}
		for n := first; n <= end; n++ {
			each(n)
		}
		before = end
	}
	return nil
}

// ParseDevice reads what DeviceText wrote. The facts of an approval come back sorted, one of each.
func ParseDevice(text []byte) (device string, all []baseline.Approval, err error) {
	number := 0
	lines := make([]strings.Builder, 0)
	for line := range bytes.Lines(text) {
		number++
		line, whole := strings.CutSuffix(string(line), "\n")
		if !whole {
			return "", nil, fmt.Errorf("line %d is cut short", number)
		}
		if number == 1 {
			quoted, ok := strings.CutPrefix(line, deviceTitle)
			if device, err = strconv.Unquote(quoted); !ok || err != nil {
				return "", nil, fmt.Errorf("line 1: want %q and the device's name", deviceTitle)
			}
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "fact\t"):
			where, fact, _ := strings.Cut(line[len("fact\t"):], "\t")
			err = parseRanges(where, len(all), func(n int) { lines[n-1].WriteString("fact\t" + fact + "\n") })
		case word == "approval":
			var h header
			if err = strict(rest, &h); err == nil {
				a := h.Approval
				if a.Device != device || a.Number != uint64(len(all)+1) {
					err = fmt.Errorf("approval %d of %q stands where %d of %q is due", a.Number, a.Device, len(all)+1, device)
				}
				all, lines = append(all, a), append(lines, strings.Builder{})
			}
		case word == "retired":
			n, text, _ := strings.Cut(rest, " ")
			var r baseline.Retirement
			at, bad := strconv.Atoi(n)
			if err = strict(text, &r); err == nil && (bad != nil || at != len(all) || at == 0) {
				err = errors.New("a retirement follows its approval")
			}
			if err == nil {
				all[at-1].Retired = &r
			}
		default:
			err = fmt.Errorf("%.20q is no sort of line", line)
		}
		if err != nil {
			return "", nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	for i := range all {
		set, err := facts.ParseSet(lines[i].String())
		if err != nil {
			return "", nil, fmt.Errorf("facts of approval %d: %w", i+1, err)
		}
		all[i].Facts = set.Facts
		retired := all[i].Retired
		all[i].Retired = nil
		if err := all[i].Valid(); err != nil {
			return "", nil, err
		}
		if all[i].Retired = retired; retired != nil {
			if err := retired.Valid(); err != nil {
				return "", nil, fmt.Errorf("retirement of approval %d: %w", i+1, err)
			}
		}
	}
	if len(all) == 0 {
		return "", nil, errors.New("holds no approval")
	}
	return device, all, nil
}

// strict reads one JSON value that has no fields but the known ones: one that is dropped could be one that counts.
func strict(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}
