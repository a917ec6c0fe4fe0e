package readv

import (
	"encoding/binary"
	"fmt"
	"math"
)

// DefaultMax is the longest PDU of a Length that names no maximum: 16 MiB.
const DefaultMax = 16 << 20

// Length frames PDUs that say their length in a field of their header.
type Length struct {
	Width  int  // of the field: 1, 2, 3, 4 or 8 bytes
	Offset int  // of the field in the PDU, bytes
	Little bool // little-endian; else big-endian
	Adjust int  // added to the field's value for the bytes behind it; -Offset-Width if the field counts the whole PDU
	Max    int  // longest PDU, header included; 0 stands for DefaultMax
}

// Need reads the field when it is there.
func (l Length) Need(have []byte) (int, error) {
	head := l.Offset + l.Width
	if err := l.check(); err != nil {
		return 0, err
	}
	if len(have) < head {
		return head, nil
	}
	return l.size(l.field(have[l.Offset:head]), head)
}

// size is the length of the PDU; v is compared before it is added to anything.
func (l Length) size(v uint64, head int) (int, error) {
	limit := uint64(l.max())
	if v > math.MaxInt64/2 || v > limit+uint64(max(-l.Adjust, 0)) {
		return 0, &TooLongError{v, l.max()}
	}
	n := int64(head) + int64(v) + int64(l.Adjust)
	switch {
	case n < int64(head):
		return 0, fmt.Errorf("readv: length field %d is shorter than its header", v)
	case n > int64(limit):
		return 0, &TooLongError{uint64(n), l.max()}
	}
	return int(n), nil
}

func (l Length) field(b []byte) uint64 {
	var v [8]byte
	if l.Little {
		copy(v[:], b)
		return binary.LittleEndian.Uint64(v[:])
	}
	copy(v[8-len(b):], b)
	return binary.BigEndian.Uint64(v[:])
}

func (l Length) max() int {
	if l.Max <= 0 {
		return DefaultMax
	}
	return l.Max
}

func (l Length) check() error {
	switch l.Width {
	case 1, 2, 3, 4, 8:
		if l.Offset >= 0 {
			return nil
		}
	}
	return fmt.Errorf("readv: length field of %d bytes at offset %d", l.Width, l.Offset)
}
