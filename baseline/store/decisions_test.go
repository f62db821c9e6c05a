package store

import (
	"errors"
	"testing"
	"time"

	"trueboot/baseline"
)

var decided = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

func waiver() baseline.Waiver {
	return baseline.Waiver{Control: "NDI-ST-06", Verdict: "FAIL", Scope: baseline.Scope{Site: "lab"}, Owner: "lab", Reason: "tests", Ticket: "L-1", By: "jo", At: decided, Expires: decided.AddDate(0, 1, 0)}
}

// TestDecisions holds that each decision has its number, that an end is one too, and that all of it is there when the store is opened again.
func TestDecisions(t *testing.T) {
	s, path := open(t)
	w, err := s.Waive(waiver())
	if err != nil || w.Number != 1 {
		t.Fatalf("%+v, %v", w, err)
	}
	images, err := s.ApproveImages(baseline.ImageApproval{Images: []baseline.ApprovedImage{{Name: "x.bin", Version: "1"}}, Provenance: baseline.OwnImage, By: "jo", At: decided, Reason: "x", TwoApprovers: true})
	if err != nil || images.Number != 2 {
		t.Fatalf("%+v, %v", images, err)
	}
	if _, err := s.Require(baseline.Policy{Minimum: "1", Scope: baseline.Scope{Platform: "cisco_ios"}, By: "jo", At: decided, Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	confirm := baseline.Confirmation{Number: 2, By: "jo", At: decided, Reason: "x"}
	if err := s.Confirm(confirm); !errors.Is(err, baseline.ErrSameApprover) {
		t.Errorf("the first approver as the second: %v", err)
	}
	confirm.By = "ada"
	if err := s.Confirm(confirm); err != nil {
		t.Error(err)
	}
	if err := s.Confirm(confirm); !errors.Is(err, ErrNoDecision) {
		t.Errorf("a second time: %v", err)
	}
	for _, number := range []uint64{0, 4, 99} {
		if err := s.End(baseline.Ending{Number: number, By: "jo", At: decided, Reason: "x"}); !errors.Is(err, ErrNoDecision) {
			t.Errorf("the end of %d: %v", number, err)
		}
	}
	if err := s.End(baseline.Ending{Number: 1, By: "jo", At: decided, Reason: "x"}); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.Decisions()
	if err != nil || len(all.Waivers) != 1 || all.Waivers[0].Ended == nil || len(all.Policies) != 1 || all.Images[0].Confirmed == nil || all.Images[0].Confirmed.By != "ada" {
		t.Errorf("%+v, %v", all, err)
	}
	if serial, err := s.Serial(); err != nil || serial != 5 {
		t.Errorf("serial %d, %v", serial, err)
	}
}

// TestConfirmedProposal holds that an approval and the end of its proposal come together or not at all.
func TestConfirmedProposal(t *testing.T) {
	s, _ := open(t)
	proposed, err := s.Propose([]baseline.Proposal{{Device: "core1", Run: "7", By: "jo", At: decided, Reason: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	a := approval("core1", "17.9.4a")
	a.SecondBy = "ada"
	end := baseline.Ending{Number: proposed[0].Number, By: "ada", At: decided, Reason: "confirmed"}
	if _, err := s.ApproveAll([]baseline.Approval{a}, end, end); !errors.Is(err, ErrNoDecision) {
		t.Errorf("ended twice: %v", err)
	}
	if current, err := s.Current("core1"); current != nil || err != nil {
		t.Errorf("the approval stayed: %+v, %v", current, err)
	}
	if _, err := s.ApproveAll([]baseline.Approval{a}, end); err != nil {
		t.Error(err)
	}
	if all, err := s.Decisions(); err != nil || all.Proposed[0].Ended == nil {
		t.Errorf("%+v, %v", all, err)
	}
	a.SecondBy = a.By
	if _, err := s.Approve(a); !errors.Is(err, baseline.ErrSameApprover) {
		t.Errorf("one person twice: %v", err)
	}
}

// TestImport holds that an import is whole or nothing.
func TestImport(t *testing.T) {
	there, _ := open(t)
	first := approve(t, there, approval("core1", "17.9.4a"))
	second := approve(t, there, approval("core2", "17.9.4a"))
	if err := there.Retire("core2", retirement); err != nil {
		t.Fatal(err)
	}
	if _, err := there.Waive(waiver()); err != nil {
		t.Fatal(err)
	}
	records, err := there.DecisionRecords()
	if err != nil {
		t.Fatal(err)
	}
	each := func(take func(string, []baseline.Approval) error) error {
		for _, device := range []string{"core1", "core2"} {
			all, err := there.Approvals(device)
			if err != nil {
				return err
			}
			if err := take(device, all); err != nil {
				return err
			}
		}
		return nil
	}

	here, _ := open(t)
	approve(t, here, approval("core2", "17.6.5"))
	if _, err := here.Import(records, each); !errors.Is(err, ErrContradicts) {
		t.Errorf("core2 is another one here: %v", err)
	}
	expectCurrent(t, here, "core1", nil)
	if d, err := here.Decisions(); err != nil || len(d.Waivers) != 0 {
		t.Errorf("a part was taken over: %+v, %v", d, err)
	}

	empty, _ := open(t)
	added, err := empty.Import(records, each)
	if err != nil || added != (Imported{Approvals: 2, Retirements: 1, Decisions: 1}) {
		t.Fatalf("%+v, %v", added, err)
	}
	expectCurrent(t, empty, "core1", &first)
	if all, err := empty.Approvals("core2"); err != nil || len(all) != 1 || all[0].Retired == nil || !all[0].Same(second) {
		t.Errorf("%+v, %v", all, err)
	}
	if added, err := empty.Import(records, each); err != nil || added != (Imported{}) {
		t.Errorf("again: %+v, %v", added, err)
	}
	// What comes after continues the numbers.
	if a := approve(t, empty, approval("core1", "17.12.1")); a.Number != 2 {
		t.Errorf("number %d", a.Number)
	}
	if w, err := empty.Waive(waiver()); err != nil || w.Number != 2 {
		t.Errorf("number %d, %v", w.Number, err)
	}
	for _, record := range []string{"", "{}", `{"waiver":{},"policy":{}}`, `{"waiver":{"control":"x"}}`, `{"unknown":1}`, "null"} {
		fresh, _ := open(t)
		if _, err := fresh.Import([][]byte{[]byte(record)}, func(func(string, []baseline.Approval) error) error { return nil }); err == nil {
			t.Errorf("%q is taken over", record)
		}
	}
}

func TestSignatures(t *testing.T) {
	s, _ := open(t)
	if last, err := s.Signature(); last != nil || err != nil {
		t.Errorf("%+v, %v", last, err)
	}
	for serial := range uint64(3) {
		if err := s.Sign(Signature{Serial: serial, Manifest: "aa", Armoured: "x", At: decided}); err != nil {
			t.Fatal(err)
		}
	}
	if last, err := s.Signature(); err != nil || last.Serial != 2 || !last.At.Equal(decided) {
		t.Errorf("%+v, %v", last, err)
	}
}
