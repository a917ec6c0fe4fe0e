package wire

import "encoding/binary"

// Sum is a SHA-256 digest or an HMAC-SHA-256.
type Sum [32]byte

// Lengths of the payloads of OK and EOF, and of NEXT without its text.
const (
	okLen    = 4 + 4 + 32
	eofLen   = 4 + 32
	nextHead = 4 + 2
)

// OK is the payload of ARCH_OK: the sender's half of an attempt is ready.
type OK struct {
	Attempt uint32
	Count   uint32 // frames of the receiver that Confirm covers
	Confirm Sum
}

// Frame encodes o: u32 attempt, u32 count, 32 bytes confirmation.
func (o OK) Frame() Frame {
	b := binary.BigEndian.AppendUint32(nil, o.Attempt)
	b = binary.BigEndian.AppendUint32(b, o.Count)
	return Frame{TypeOK, append(b, o.Confirm[:]...)}
}

// DecodeOK decodes an ARCH_OK payload.
func DecodeOK(p []byte) (OK, error) {
	c := cursor{b: p}
	o := OK{Attempt: c.u32(), Count: c.u32(), Confirm: c.sum()}
	if c.bad || len(c.b) > 0 || o.Attempt == 0 {
		return OK{}, &FormatError{TypeOK, "not an attempt, a count and a confirmation"}
	}
	return o, nil
}

// Next is the payload of ARCH_NEXT: the sender gives up an attempt.
type Next struct {
	Attempt uint32
	Reason  Reason
	Text    string // at most [MaxText] bytes, any bytes: quote it before printing
}

// Frame encodes n: u32 attempt, u16 reason, text to the end.
func (n Next) Frame() Frame {
	b := binary.BigEndian.AppendUint32(nil, n.Attempt)
	b = binary.BigEndian.AppendUint16(b, uint16(n.Reason))
	return Frame{TypeNext, append(b, n.Text...)}
}

// DecodeNext decodes an ARCH_NEXT payload.
func DecodeNext(p []byte) (Next, error) {
	c := cursor{b: p}
	n := Next{Attempt: c.u32(), Reason: Reason(c.u16()), Text: string(c.rest())}
	if c.bad || n.Attempt == 0 || n.Reason == 0 || len(n.Text) > MaxText {
		return Next{}, &FormatError{TypeNext, "without a proper attempt, reason or text"}
	}
	return n, nil
}

func (c *cursor) sum() (s Sum) {
	copy(s[:], c.take(len(s)))
	return s
}
