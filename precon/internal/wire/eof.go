package wire

import "encoding/binary"

// EOF is each side's last frame: what follows on the bootstrap is no frame.
type EOF struct {
	Count   uint32 // frames of the receiver that Confirm covers
	Confirm Sum
}

// Frame encodes e: u32 count, 32 bytes confirmation.
func (e EOF) Frame() Frame {
	return Frame{TypeEOF, append(binary.BigEndian.AppendUint32(nil, e.Count), e.Confirm[:]...)}
}

// DecodeEOF decodes an EOF payload.
func DecodeEOF(p []byte) (EOF, error) {
	c := cursor{b: p}
	e := EOF{Count: c.u32(), Confirm: c.sum()}
	if c.bad || len(c.b) > 0 {
		return EOF{}, &FormatError{TypeEOF, "not a count and a confirmation"}
	}
	return e, nil
}
