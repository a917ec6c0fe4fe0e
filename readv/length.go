package readv

// DefaultMax is the longest PDU of a Length or Varint that names no maximum: 16 MiB.
const DefaultMax = 16 << 20

// limitMax keeps sums of four lengths within an int64.
const limitMax = 1 << 60

// Length frames PDUs that say their length in an unsigned field of their header.
// Offset and Width together, and Adjust, are at most Max; else Need says EINVAL.
type Length struct {
	Width  int  // of the field: 1, 2, 3, 4 or 8 bytes
	Offset int  // of the field in the PDU, bytes
	Little bool // little-endian; else big-endian
	Adjust int  // added to the field's value for the bytes behind it; -Offset-Width if the field counts the whole PDU
	Max    int  // longest PDU, header included, bytes; 0 stands for DefaultMax
}

// Need reads the field when it is there. A PDU above Max is a TooLongError, one
// that ends before its length field does EBADMSG.
func (l Length) Need(have []byte) (int, error) {
	if err := l.check(); err != nil {
		return 0, err
	}
	head := l.Offset + l.Width
	if len(have) < head {
		return head, nil
	}
	return l.size(l.field(have[l.Offset:head]), int64(head))
}

// size is the length of the PDU; v is compared before it is added to anything.
func (l *Length) size(v uint64, head int64) (int, error) {
	limit := l.limit()
	if v > 2*limitMax {
		return 0, &TooLongError{v, int(limit)}
	}
	n := head + int64(v) + int64(l.Adjust)
	switch {
	case n < head:
		return 0, garbled("a length field of %d ends the PDU before itself", v)
	case n > limit:
		return 0, &TooLongError{uint64(n), int(limit)}
	}
	return int(n), nil
}

// field is the number in b. A loop over so few bytes is cheaper than a copy of a
// length that the compiler does not know.
func (l *Length) field(b []byte) (v uint64) {
	if l.Little {
		for i := len(b) - 1; i >= 0; i-- {
			v = v<<8 | uint64(b[i])
		}
		return v
	}
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}

func (l *Length) limit() int64 { return limitOf(l.Max, DefaultMax) }

// limitOf is a framer's maximum; 0 stands for its default.
func limitOf(n, byDefault int) int64 {
	if n <= 0 {
		n = byDefault
	}
	return min(int64(n), limitMax)
}

func (l *Length) check() error {
	limit := l.limit()
	switch l.Width {
	case 1, 2, 3, 4, 8:
		if l.Offset >= 0 && int64(l.Offset) <= limit-int64(l.Width) && -limit <= int64(l.Adjust) && int64(l.Adjust) <= limit {
			return nil
		}
	}
	return invalid("a length field of %d bytes at offset %d, adjusted by %d, in PDUs of at most %d", l.Width, l.Offset, l.Adjust, limit)
}
