package readv

import "bytes"

// DefaultLine is the longest PDU of a Delimiter that names no maximum: 64 KiB.
const DefaultLine = 64 << 10

// Delimiter frames PDUs that end with certain bytes, such as "\n" or "\r\n\r\n".
// The end is part of the PDU.
//
// A PDU that trickles in is searched again from its start with each arrival, so
// a sender may cost a search of Max bytes with each segment: a large Max is for
// senders that are trusted.
type Delimiter struct {
	End string // at least one byte and at most Max, else EINVAL
	Max int    // longest PDU, its end included, bytes; 0 stands for DefaultLine
}

// Need looks for the end in the first Max bytes; a TooLongError if it is not
// there.
func (d Delimiter) Need(have []byte) (int, error) {
	limit := int(limitOf(d.Max, DefaultLine))
	if d.End == "" || len(d.End) > limit {
		return 0, invalid("a delimiter of %d bytes in PDUs of at most %d", len(d.End), limit)
	}
	have = have[:min(len(have), limit)]
	switch i := bytes.Index(have, []byte(d.End)); {
	case i >= 0:
		return i + len(d.End), nil
	case len(have) == limit:
		return 0, &TooLongError{uint64(limit) + 1, limit}
	}
	return max(len(have)+1, len(d.End)), nil
}
