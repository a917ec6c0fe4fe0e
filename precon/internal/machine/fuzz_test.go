package machine

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// FuzzMachine reads a byte string as a sequence of inputs: proper frames and
// events by their number, else a frame of raw bytes.
func FuzzMachine(f *testing.F) {
	f.Add([]byte{1, 0, 4, 7, 13})
	f.Add([]byte{0, 0, 4, 13, 38, 20})
	f.Add([]byte{1, 0, 4, 7, 10, 0xff, 0x10, 3, 1, 2, 3})
	list := inputs()
	f.Fuzz(func(t *testing.T, b []byte) { feed(t, list, b) })
}

// feed gives one byte string to a machine.
func feed(t *testing.T, list []input, b []byte) {
	if len(b) == 0 {
		return
	}
	role := wire.Active + wire.Role(b[0]&1)
	e := &end{m: newMachine(t, config(role, archs...))}
	e.shell(e.m.Start())
	for b = b[1:]; len(b) > 0 && !e.up; {
		if n := int(b[0]); n < len(list) {
			b = b[1:]
			e.give(list[n])
		} else {
			b = e.raw(b[1:])
		}
		settled(t, e)
	}
}

var seedFlag = flag.Uint64("seed", 0, "of the random tests; 0 takes a new one")

// TestRandomInputsNeverLeaveTheTable feeds random sequences, most of which begin
// with a proper hello.
func TestRandomInputsNeverLeaveTheTable(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed=%d; replay with: go test ./precon/internal/machine -run '^%s$' -seed=%d", seed, t.Name(), seed)
	c, list := rand.New(rand.NewPCG(seed, 1)), inputs()
	b := make([]byte, 0, 16)
	for range 100_000 {
		b = append(b[:0], byte(c.Uint32()), 0, 4)
		for range c.IntN(12) {
			b = append(b, byte(c.IntN(len(list)+2)))
		}
		if c.IntN(8) == 0 {
			b = b[:1+c.IntN(len(b))]
		}
		feed(t, list, b)
	}
}

// give gives a proper input, with what the shell owes the machine.
func (e *end) give(in input) {
	switch in.name {
	case "half released":
		e.release()
		return
	case "half done":
		if e.half == running {
			e.half = done
		}
	case "half failed":
		if e.half == running {
			e.half = releasing
		}
	}
	e.shell(in.give(e.m))
}

// raw gives a frame of any type and payload: u8 type, u8 length, payload.
func (e *end) raw(b []byte) (rest []byte) {
	if len(b) < 2 {
		return nil
	}
	n := min(int(b[1]), len(b)-2)
	e.shell(e.m.Frame(wire.Type(b[0]), b[2:2+n]))
	return b[2+n:]
}
