package tsocket

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// DefaultPipeBuffer is how many bytes each direction of a Pipe holds.
const DefaultPipeBuffer = 64 << 10

// PipeConfig is how a Pipe moves bytes; the zero value moves them as they come.
type PipeConfig struct {
	// Buffer is how many bytes each direction holds; 0 stands for
	// DefaultPipeBuffer. Memory grows with what is used.
	Buffer int
	// Seed, unless 0, splits transfers at random into pieces of one byte
	// upwards.
	Seed uint64
	// Delay, unless 0, is how long what was written may take to arrive; the
	// bytes keep their order. It runs on timers of the receiver's context.
	Delay time.Duration
	// AtoB and BtoA are what goes wrong in a direction.
	AtoB, BtoA PipeFault
}

// PipeFault is what goes wrong in one direction when At bytes were sent in it.
// An At of 0 means with the first attempt to send.
type PipeFault struct {
	Kind PipeFaultKind
	At   int64
}

// PipeFaultKind says what goes wrong; the zero value is nothing.
type PipeFaultKind uint8

const (
	// PipeReset resets the connection, both directions of it. What was sent
	// before still arrives.
	PipeReset PipeFaultKind = iota + 1
	// PipeStall lets nothing arrive any more, not even the end.
	PipeStall
)

// Pipe returns two connected streams in memory, both on ev. They behave as a
// pair of unix sockets does: writers wait for room, half-close, EOF, EPIPE, and
// ECONNRESET when an end is closed with bytes in it that nobody read. They use
// no descriptor, no goroutine, and no clock but the timers of their contexts.
//
// [Stream.SetEventContext] moves either end to another loop, which may run on
// another goroutine. As long as both are on one loop the pair behaves the same
// every time.
func Pipe(ev *tevent.Context, c PipeConfig) (a, b *Stream) {
	p := &pipe{limit: orDefault(c.Buffer, DefaultPipeBuffer), delay: c.Delay}
	p.ends[0] = pipeEnd{p: p, peer: &p.ends[1], fault: c.AtoB}
	p.ends[1] = pipeEnd{p: p, peer: &p.ends[0], fault: c.BtoA}
	for i := range p.ends {
		if c.Seed != 0 || c.Delay > 0 {
			p.ends[i].chance = rand.New(rand.NewPCG(c.Seed, uint64(i)))
		}
		p.ends[i].split = c.Seed != 0
		p.ends[i].attach(ev)
	}
	return NewStream(ev, &p.ends[0], Address{}, Address{}), NewStream(ev, &p.ends[1], Address{}, Address{})
}

// pipe is what the two ends of a Pipe share.
type pipe struct {
	limit int           // immutable; bytes per direction
	delay time.Duration // immutable
	mu    sync.Mutex    // the ends may be on different loops
	ends  [2]pipeEnd
}
