package readv

import (
	"encoding/binary"
	"math"
)

// Varint frames PDUs that begin with the length of the rest as an unsigned
// varint: seven bits a byte, the lowest first, as protocol buffers and
// [binary.Uvarint] have it. Encodings that are longer than they have to be are
// taken.
type Varint struct {
	Max int // longest PDU, header included, bytes; 0 stands for DefaultMax
}

// Need reads the varint when all of it is there. A PDU above Max, or a varint
// above 64 bits, is a TooLongError.
func (f Varint) Need(have []byte) (int, error) {
	limit := limitOf(f.Max, DefaultMax)
	have = have[:min(int64(len(have)), limit)]
	v, k := binary.Uvarint(have)
	switch {
	case k == 0 && int64(len(have)) == limit:
		return 0, &TooLongError{uint64(limit) + 1, int(limit)}
	case k == 0:
		return len(have) + 1, nil
	case k < 0:
		return 0, &TooLongError{math.MaxUint64, int(limit)}
	case v > limitMax:
		return 0, &TooLongError{v, int(limit)}
	case v+uint64(k) > uint64(limit):
		return 0, &TooLongError{v + uint64(k), int(limit)}
	}
	return k + int(v), nil
}
