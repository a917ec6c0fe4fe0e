// Package self is the path of an endpoint to itself: two ends in memory, on one
// loop, without a wire.
package self

import (
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Arch is the path; the zero value is ready. Source: pscom's loopback
// connections.
type Arch struct {
	Buffer int // bytes on their way in a direction; 0 stands for tsocket.DefaultPipeBuffer
}

var _ precon.Looper = Arch{}

// Name is "self".
func (Arch) Name() string { return "self" }

// Traits are those of memory nobody else sees.
func (Arch) Traits() precon.Traits {
	return precon.Traits{Place: precon.Beside, Strength: precon.Confidential}
}

// Offer refuses: no other endpoint can be reached this way.
func (Arch) Offer(precon.Local) ([]byte, error) { return nil, errOther }

// Init refuses, as Offer does.
func (Arch) Init(precon.Pair) error { return errOther }

// Begin refuses, as Offer does.
func (Arch) Begin(ev *tevent.Context, _ precon.Pair, _ *precon.Channel) tevent.Req[precon.Path] {
	return tevent.Failed[precon.Path](ev, "self", errOther)
}

// Loop returns both ends.
func (a Arch) Loop(ev *tevent.Context) (*tsocket.Stream, *tsocket.Stream) {
	return tsocket.Pipe(ev, tsocket.PipeConfig{Buffer: a.Buffer})
}

var errOther = &precon.Refusal{Reason: precon.ReasonRefused, Text: "the peer is another endpoint"}
