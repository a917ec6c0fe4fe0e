package oracle

import (
	"fmt"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Bound judges what must never grow beyond a size: memory, a queue, a table. It
// is measured after each turn of the process.
type Bound struct {
	Name string
	Most int
	Of   func(p *sim.Proc) int
}

// Saw implements sim.Oracle.
func (b *Bound) Saw(e *sim.Event) error {
	if e.Moment != sim.Traced || e.Trace.Point != tevent.AfterTurn {
		return nil
	}
	if n := b.Of(e.Proc); n > b.Most {
		return fmt.Errorf("%s of %v is %d, more than %d", b.Name, e.Proc, n, b.Most)
	}
	return nil
}

// Buffers bounds the receive buffers that are with the streams of one process,
// in bytes.
func Buffers(most int) *Bound {
	return &Bound{"receive buffers", most, func(p *sim.Proc) int { return p.Context().Driver().Buffers.Taken() }}
}
