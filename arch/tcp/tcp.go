// Package tcp is the path that keeps the bootstrap: TCP, or a unix socket where
// the bootstrap is one. It needs no steps and is always there, so it stands
// last in most lists.
package tcp

import (
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Arch is the path; the zero value is ready. Source: pscom's tcp plugin.
type Arch struct{}

var _ precon.Arch = Arch{}

// Name is "tcp".
func (Arch) Name() string { return "tcp" }

// Traits are those of the bootstrap.
func (Arch) Traits() precon.Traits { return precon.Traits{Place: precon.InPlace} }

// Offer has no parameters.
func (Arch) Offer(precon.Local) ([]byte, error) { return nil, nil }

// Init refuses nobody.
func (Arch) Init(precon.Pair) error { return nil }

// Begin is done at once.
func (Arch) Begin(ev *tevent.Context, _ precon.Pair, _ *precon.Channel) tevent.Req[precon.Path] {
	o := &tevent.Op[precon.Path]{}
	o.Start(ev, "tcp")
	o.Done(precon.Path{Open: func(boot *tsocket.Stream) *tsocket.Stream { return boot }})
	return o.Req()
}
