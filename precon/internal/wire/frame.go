package wire

import "encoding/binary"

// Frame is one message: a type and its payload. The payload's length must be
// within [Type.MaxPayload]; every Frame method of this package keeps that for
// values that satisfy their type's limits.
type Frame struct {
	Type    Type
	Payload []byte
}

// Append appends header and payload to b.
func (f Frame) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(f.Type))
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.Payload)))
	return append(b, f.Payload...)
}

// Bytes returns the frame as it stands on the wire.
func (f Frame) Bytes() []byte { return f.Append(make([]byte, 0, f.Len())) }

// Len returns the frame's length on the wire in bytes, header included.
func (f Frame) Len() int { return HeaderLen + len(f.Payload) }
