package reports

import (
	"encoding/xml"
	"fmt"
	"io"

	"trueboot/compare"
)

// JUnit writes a run in the form of JUnit's XML, which pipelines read: a suite for each device, a case for each finding. A FAIL that nothing explains and
// nobody bears is a failure; what was not assessed, explained or waived is skipped, with the reason.
type JUnit struct {
	Out io.Writer

	to *xml.Encoder
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Errors   int         `xml:"errors,attr"`
	Time     string      `xml:"time,attr"`
	Stamp    string      `xml:"timestamp,attr,omitempty"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string     `xml:"name,attr"`
	Class   string     `xml:"classname,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Error   *junitText `xml:"error,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Begin opens the document.
func (j *JUnit) Begin(r Run) error {
	if _, err := io.WriteString(j.Out, xml.Header); err != nil {
		return err
	}
	j.to = xml.NewEncoder(j.Out)
	j.to.Indent("", " ")
	name := "trueboot"
	if r.ID != "" {
		name += " run " + Printable(r.ID, maxWord)
	}
	return j.to.EncodeToken(xml.StartElement{Name: xml.Name{Local: "testsuites"}, Attr: []xml.Attr{{Name: xml.Name{Local: "name"}, Value: name}}})
}

// Device writes a suite.
func (j *JUnit) Device(d Device) error {
	suite := junitSuite{Name: Printable(d.Name, maxWord), Time: fmt.Sprintf("%.3f", d.Elapsed.Seconds()), Stamp: stamp(d.Started)}
	if len(d.Findings) == 0 {
		text := situation(d.Reason, d.Detail)
		suite.add(junitCase{Name: "visit", Error: &junitText{Message: text, Type: string(d.Outcome)}})
	}
	for _, f := range d.Findings {
		suite.add(junitOf(safe(f)))
	}
	return j.to.Encode(suite)
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	c.Class = s.Name
	s.Cases = append(s.Cases, c)
}

// junitOf is the case of a finding whose texts are safe.
func junitOf(f compare.Finding) junitCase {
	c := junitCase{Name: f.Control + " " + f.Title}
	if f.Subject != "" {
		c.Name += ": " + f.Subject
	}
	switch {
	case f.Verdict == compare.Fail && f.Open():
		c.Failure = &junitText{Message: f.Message, Type: string(f.Severity), Text: f.Next}
	case f.Verdict == compare.Fail && f.Waived != nil:
		c.Skipped = &junitText{Message: "waived " + waived(f) + "; " + f.Message}
	case f.Verdict == compare.Fail:
		c.Skipped = &junitText{Message: "explained by " + f.ExplainedBy + "; " + f.Message}
	case f.Verdict == compare.NotAssessed:
		c.Skipped = &junitText{Message: string(f.Reason) + ": " + f.Message}
	}
	return c
}

// End writes the comparison of the devices with each other, and closes the document.
func (j *JUnit) End(r *Recap) error {
	if len(r.Consensus.Findings) > 0 {
		suite := junitSuite{Name: "fleet consensus", Time: "0"}
		for _, f := range r.Consensus.Findings {
			c := junitOf(safe(f))
			c.Name = Printable(f.Device, maxWord) + ": " + c.Name
			suite.add(c)
		}
		if err := j.to.Encode(suite); err != nil {
			return err
		}
	}
	if err := j.to.EncodeToken(xml.EndElement{Name: xml.Name{Local: "testsuites"}}); err != nil {
		return err
	}
	if err := j.to.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(j.Out, "\n")
	return err
}
