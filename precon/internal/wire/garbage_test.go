package wire

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"testing"
	"time"
)

var seedFlag = flag.Uint64("seed", 0, "of the random tests; 0 takes a new one")

// TestAMillionDamagedFramesNeverConfuseTheDecoders changes, cuts and lengthens
// good frames at random.
func TestAMillionDamagedFramesNeverConfuseTheDecoders(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed=%d; replay with: go test ./precon/internal/wire -run '^%s$' -seed=%d", seed, t.Name(), seed)
	c, list, good := rand.New(rand.NewPCG(seed, 1)), samples(), 0
	for range 1_000_000 {
		b := damaged(c, list[c.IntN(len(list))].frame.Bytes())
		if len(b) < HeaderLen {
			continue
		}
		h, err := ParseHeader([HeaderLen]byte(b), MaxPayload)
		if err != nil || h.Type.Ignorable() || uint64(h.Len) > uint64(len(b)-HeaderLen) {
			continue
		}
		good++
		stable(t, Frame{h.Type, b[HeaderLen : HeaderLen+int(h.Len)]})
	}
	t.Logf("%d of 1000000 came through the header", good)
}

func damaged(c *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range c.IntN(4) {
		b[c.IntN(len(b))] = byte(c.Uint32() >> c.IntN(8))
	}
	switch c.IntN(6) {
	case 0:
		b = b[:c.IntN(len(b))]
	case 1:
		b = append(b, b[c.IntN(len(b)):]...)
	}
	if len(b) > HeaderLen && c.IntN(2) == 0 { // a length that fits
		b[6], b[7] = byte((len(b)-HeaderLen)>>8), byte(len(b)-HeaderLen)
	}
	return b
}
