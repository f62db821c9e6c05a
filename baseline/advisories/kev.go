package advisories

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"trueboot/baseline"
)

// A kevCatalogue is CISA's catalogue of known exploited vulnerabilities.
type kevCatalogue struct {
	Title           string    `json:"title"`
	Released        time.Time `json:"dateReleased"`
	Count           int       `json:"count"`
	Vulnerabilities []struct {
		CVE        string `json:"cveID"`
		Vendor     string `json:"vendorProject"`
		Product    string `json:"product"`
		Name       string `json:"vulnerabilityName"`
		Added      string `json:"dateAdded"`
		Due        string `json:"dueDate"`
		Ransomware string `json:"knownRansomwareCampaignUse"`
	} `json:"vulnerabilities"`
}

// CVE-2018-0171
var cveID = regexp.MustCompile(`^CVE-\d{4}-\d{4,}$`)

// readKEV reads the catalogue. All of it is kept: an advisory of any vendor may name one of its vulnerabilities.
func readKEV(text []byte) (listed []baseline.Exploited, released time.Time, left []string, err error) {
	var k kevCatalogue
	if err := json.Unmarshal(text, &k); err != nil {
		return nil, released, nil, fmt.Errorf("KEV: %w", err)
	}
	switch {
	case k.Released.IsZero():
		return nil, released, nil, errors.New("KEV: dateReleased is missing")
	case k.Count != len(k.Vulnerabilities):
		return nil, released, nil, fmt.Errorf("KEV: it says that it holds %d vulnerabilities and holds %d: it is cut short or was changed", k.Count, len(k.Vulnerabilities))
	}
	for _, v := range k.Vulnerabilities {
		added, err := time.Parse(time.DateOnly, v.Added)
		due, badDue := time.Parse(time.DateOnly, v.Due)
		if err = errors.Join(err, badDue); err != nil || !cveID.MatchString(v.CVE) {
			left = append(left, fmt.Sprintf("%.40q: %v", v.CVE, err))
			continue
		}
		listed = append(listed, baseline.Exploited{CVE: v.CVE, Vendor: v.Vendor, Product: v.Product, Name: v.Name, Added: added, Due: due, Ransomware: strings.EqualFold(v.Ransomware, "known")})
	}
	return listed, k.Released.UTC(), left, nil
}
