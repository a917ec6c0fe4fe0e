package precontest

import (
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
)

// Does is what a side does with a path.
type Does uint8

// What a side does.
const (
	Works     Does = iota // brings it up
	Withholds             // does not offer it
	Balks                 // refuses it in Init before it knows the peer; only the active side is asked then
	Refuses               // refuses it in Init when it knows the peer
	Fails                 // gives up at exchange At
	Hangs                 // stops at exchange At until it is cancelled
	Strays                // brings up a path beside that leads to somebody else
)

// String is a word for reports.
func (d Does) String() string {
	return [...]string{"works", "withholds", "balks", "refuses", "fails", "hangs", "strays"}[d]
}

// Script is one side's behaviour; the zero value works at once.
type Script struct {
	Does   Does
	At     int           // exchanges of steps in front of Fails and Hangs
	Pause  time.Duration // in front of each exchange and of the end
	Keeps  time.Duration // how long a cancelled half holds on
	Wins   bool          // a cancelled half comes up nevertheless, when it lets go
	Deaf   bool          // cannot be cancelled; lets go Keeps after it was abandoned
	Secret []byte        // of the path
}

// Arch is one side of the scripted path.
type Arch struct {
	ID       string // its name; both sides of a path have the same
	Steps    int    // exchanges of steps until the path is there; one more if it is beside
	Meeting  *Meeting
	Strength precon.Strength // announced
	Script
}

var _ precon.Arch = Arch{}

// Name is ID.
func (a Arch) Name() string { return a.ID }

// Traits say beside if there is a Meeting.
func (a Arch) Traits() precon.Traits {
	t := precon.Traits{Strength: a.Strength}
	if a.Meeting != nil {
		t.Place = precon.Beside
	}
	return t
}

// Offer's parameters are "of " and the ID; a side that Withholds has an error.
func (a Arch) Offer(precon.Local) ([]byte, error) {
	if a.Does == Withholds {
		return nil, &precon.Refusal{Reason: precon.ReasonRefused, Text: "withheld"}
	}
	return []byte("of " + a.ID), nil
}

// Init refuses for a side that Balks or Refuses, and parameters that did not
// arrive as they were sent.
func (a Arch) Init(p precon.Pair) error {
	mine := "of " + a.ID
	switch {
	case a.Does == Balks && !p.Known, a.Does == Refuses && p.Known:
		return &precon.Refusal{Reason: precon.ReasonRefused, Text: a.Does.String()}
	case string(p.Mine) != mine, p.Known && string(p.Theirs) != mine:
		return &precon.Refusal{Text: "wrong parameters"}
	}
	return nil
}

// Begin plays the script.
func (a Arch) Begin(ev *tevent.Context, p precon.Pair, ch *precon.Channel) tevent.Req[precon.Path] {
	return begin(ev, a, p.Active, ch)
}
