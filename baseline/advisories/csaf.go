package advisories

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"trueboot/baseline"
)

// The parts of a CSAF 2.0 document (OASIS, Common Security Advisory Framework) that say which version of what is affected.
type (
	csafDocument struct {
		Document struct {
			Title     string `json:"title"`
			Version   string `json:"csaf_version"`
			Publisher struct {
				Name string `json:"name"`
			} `json:"publisher"`
			Tracking struct {
				ID      string    `json:"id"`
				Current time.Time `json:"current_release_date"`
			} `json:"tracking"`
			AggregateSeverity struct {
				Text string `json:"text"`
			} `json:"aggregate_severity"`
			References []struct {
				Category string `json:"category"`
				URL      string `json:"url"`
			} `json:"references"`
		} `json:"document"`
		Tree struct {
			Branches      []csafBranch  `json:"branches"`
			FullNames     []csafProduct `json:"full_product_names"`
			Relationships []struct {
				Product   csafProduct `json:"full_product_name"`
				Reference string      `json:"product_reference"`
				To        string      `json:"relates_to_product_reference"`
			} `json:"relationships"`
		} `json:"product_tree"`
		Vulnerabilities []struct {
			CVE    string `json:"cve"`
			Status struct {
				KnownAffected []string `json:"known_affected"`
				FirstAffected []string `json:"first_affected"`
				LastAffected  []string `json:"last_affected"`
				Fixed         []string `json:"fixed"`
				FirstFixed    []string `json:"first_fixed"`
				Recommended   []string `json:"recommended"`
			} `json:"product_status"`
			Scores []struct {
				V3 struct {
					Score    float64 `json:"baseScore"`
					Severity string  `json:"baseSeverity"`
				} `json:"cvss_v3"`
			} `json:"scores"`
		} `json:"vulnerabilities"`
	}
	csafBranch struct {
		Category string       `json:"category"`
		Name     string       `json:"name"`
		Product  *csafProduct `json:"product"`
		Branches []csafBranch `json:"branches"`
	}
	csafProduct struct {
		ID     string `json:"product_id"`
		Name   string `json:"name"`
		Helper struct {
			CPE string `json:"cpe"`
		} `json:"product_identification_helper"`
	}
)

// A csafVersion is what a product id stands for.
type csafVersion struct {
	platform, system string
	version          string
	ranges           []baseline.Range
}

// deepestBranch bounds how far branches are followed.
const deepestBranch = 32

// readCSAF reads a vendor's advisory. left says what was not understood: products that this program does not visit are no part of that.
func readCSAF(text []byte) (advisory *baseline.Advisory, left []string, err error) {
	var d csafDocument
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, nil, fmt.Errorf("CSAF: %w", err)
	}
	switch id := d.Document.Tracking.ID; {
	case !strings.HasPrefix(d.Document.Version, "2."):
		return nil, nil, fmt.Errorf("CSAF: version %.20q; 2.0 is read", d.Document.Version)
	case id == "":
		return nil, nil, errors.New("CSAF: document.tracking.id is missing")
	case d.Document.Tracking.Current.IsZero():
		return nil, nil, errors.New("CSAF: document.tracking.current_release_date is missing")
	}
	r := csafReader{products: map[string]csafVersion{}}
	for _, b := range d.Tree.Branches {
		r.branch(b, csafPath{vendor: d.Document.Publisher.Name}, 0)
	}
	for _, p := range d.Tree.FullNames {
		r.product(p, csafPath{vendor: d.Document.Publisher.Name})
	}
	for _, relation := range d.Tree.Relationships { // "IOS XE 17.3.1 installed on C9300": the software is what is affected
		for _, of := range []string{relation.Reference, relation.To} {
			if v, ok := r.products[of]; ok {
				r.products[relation.Product.ID] = v
				break
			}
		}
	}
	a := &baseline.Advisory{
		ID: d.Document.Tracking.ID, Title: d.Document.Title, Vendor: d.Document.Publisher.Name, Severity: d.Document.AggregateSeverity.Text, Released: d.Document.Tracking.Current.UTC(),
	}
	for _, ref := range d.Document.References {
		if a.URL == "" || ref.Category == "self" {
			a.URL = ref.URL
		}
	}
	affected := map[[2]string]*baseline.Affected{}
	of := func(id string) *baseline.Affected {
		v, ok := r.products[id]
		if !ok {
			return nil
		}
		key := [2]string{v.platform, v.system}
		if affected[key] == nil {
			affected[key] = &baseline.Affected{Platform: v.platform, System: v.system}
		}
		return affected[key]
	}
	for _, v := range d.Vulnerabilities {
		if v.CVE != "" && !slices.Contains(a.CVEs, v.CVE) {
			a.CVEs = append(a.CVEs, v.CVE)
		}
		for _, s := range v.Scores {
			if a.Severity == "" && s.V3.Severity != "" {
				a.Severity = fmt.Sprintf("%s (%.1f)", strings.ToLower(s.V3.Severity), s.V3.Score)
			}
		}
		for _, id := range slices.Concat(v.Status.KnownAffected, v.Status.FirstAffected, v.Status.LastAffected) {
			to, named := of(id), r.products[id]
			switch {
			case to == nil:
			case named.version != "" && !slices.Contains(to.Versions, named.version):
				to.Versions = append(to.Versions, named.version)
			case named.version == "":
				for _, one := range named.ranges {
					if !slices.Contains(to.Ranges, one) {
						to.Ranges = append(to.Ranges, one)
					}
				}
			}
		}
		for _, id := range slices.Concat(v.Status.FirstFixed, v.Status.Fixed, v.Status.Recommended) {
			if to, named := of(id), r.products[id]; to != nil && named.version != "" && !slices.Contains(to.Fixed, named.version) {
				to.Fixed = append(to.Fixed, named.version)
			}
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(affected), func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) }) {
		if one := affected[key]; len(one.Versions)+len(one.Ranges) > 0 {
			a.Affected = append(a.Affected, *one)
		}
	}
	return a, r.left, nil
}

// A csafPath is what the branches above a product said.
type csafPath struct {
	vendor, product, version, versions string
	train                              string // above a range: 21.2 above <21.2R3-S8
}

type csafReader struct {
	products map[string]csafVersion
	left     []string
}

func (r *csafReader) branch(b csafBranch, at csafPath, depth int) {
	if depth > deepestBranch {
		r.leave("branches deeper than %d", deepestBranch)
		return
	}
	switch b.Category {
	case "vendor":
		at.vendor = b.Name
	case "product_name", "product_family":
		at.product = strings.TrimSpace(at.product + " " + b.Name)
	case "product_version", "service_pack", "patch_level":
		at.version, at.versions = b.Name, "" // the innermost says it in full: 12.2SE, 12.2(55)SE
	case "product_version_range":
		at.versions, at.train, at.version = b.Name, at.version, ""
	}
	if b.Product != nil {
		r.product(*b.Product, at)
	}
	for _, below := range b.Branches {
		r.branch(below, at, depth+1)
	}
}

// product notes what an id stands for, where it is a system that this program visits.
func (r *csafReader) product(p csafProduct, at csafPath) {
	name := at.product
	if name == "" {
		name = p.Name
	}
	platform, system, ok := productOf(at.vendor, name)
	if !ok {
		return
	}
	v := csafVersion{platform: platform, system: system}
	switch {
	case at.versions != "":
		ranges, err := parseRanges(at.versions)
		if err != nil {
			r.leave("%s: %v", p.ID, err)
			return
		}
		for i := range ranges {
			if ranges[i].From == "" && at.train != "" {
				ranges[i].From, ranges[i].FromIn = at.train, true
			}
		}
		v.ranges = ranges
	case at.version != "":
		text := strings.TrimSpace(strings.TrimPrefix(at.version, "v"))
		if versionWord.MatchString(text) {
			v.version = text
			break
		}
		ranges, err := parseRanges(at.version)
		if err != nil {
			r.leave("%s: %v", p.ID, err)
			return
		}
		v.ranges = ranges
	default:
		// "Cisco IOS 12.2(55)SE": the last word of the whole name.
		words := strings.Fields(p.Name)
		if len(words) < 2 || !versionWord.MatchString(words[len(words)-1]) {
			r.leave("%s: %.80q names no version", p.ID, p.Name)
			return
		}
		v.version = words[len(words)-1]
	}
	r.products[p.ID] = v
}

// mostLeft bounds what is said about what was not understood.
const mostLeft = 50

func (r *csafReader) leave(format string, a ...any) {
	if len(r.left) < mostLeft {
		r.left = append(r.left, fmt.Sprintf(format, a...))
	}
}
