package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// Agreement judges what the sides of a connection say about it: those that
// succeeded say the same. Strictly, all of them succeed or none does; that
// can be asked for only when nothing went wrong, since the last message of a
// conversation can always be lost.
type Agreement struct {
	said []saying
}

type saying struct {
	about, side, value string
	err                error
}

// Said notes what a side came to, such as path, version and transcript of one
// negotiation.
func (a *Agreement) Said(about, side, value string, err error) {
	a.said = append(a.said, saying{about, side, value, err})
}

// Check is why the sides do not agree.
func (a *Agreement) Check(strictly bool) error {
	for i, x := range a.said {
		for _, y := range a.said[:i] {
			if err := x.differs(y, strictly); x.about == y.about && err != nil {
				return err
			}
		}
	}
	return nil
}

func (x saying) differs(y saying, strictly bool) error {
	both := x.err == nil && y.err == nil
	if both && x.value != y.value || strictly && (x.err == nil) != (y.err == nil) {
		return fmt.Errorf("%s: %v, but %v", x.about, y, x)
	}
	return nil
}

// String is for the verdict.
func (x saying) String() string {
	if x.err != nil {
		return fmt.Sprintf("%s failed: %v", x.side, x.err)
	}
	return fmt.Sprintf("%s says %q", x.side, x.value)
}

// Pairing judges connections: each one that was accepted was asked for, once;
// strictly, each that was asked for with success was accepted.
type Pairing struct {
	asked, accepted []string
}

// Connected notes a connection of the active side, by a name that both sides
// know, such as its address.
func (p *Pairing) Connected(id string) { p.asked = append(p.asked, id) }

// Accepted is told one of the passive side.
func (p *Pairing) Accepted(id string) error {
	if slices.Contains(p.accepted, id) {
		return fmt.Errorf("%s was accepted twice", id)
	}
	p.accepted = append(p.accepted, id)
	return nil
}

// Check is who has no other half: accepted and never asked for, or, strictly,
// asked for and never accepted.
func (p *Pairing) Check(strictly bool) error {
	if alone := minus(p.accepted, p.asked); alone != "" {
		return fmt.Errorf("accepted and never asked for: %s", alone)
	}
	if alone := minus(p.asked, p.accepted); strictly && alone != "" {
		return fmt.Errorf("connected and never accepted: %s", alone)
	}
	return nil
}

func minus(a, b []string) string {
	var only []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			only = append(only, x)
		}
	}
	return strings.Join(only, ", ")
}
