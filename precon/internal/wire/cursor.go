package wire

import "encoding/binary"

// cursor reads a payload front to back. Invariant: once bad is set, b is empty
// and every read returns zero, so a decoder checks bad once at its end.
type cursor struct {
	b   []byte
	bad bool
}

// take returns the next n bytes, aliasing the payload.
func (c *cursor) take(n int) []byte {
	if n > len(c.b) {
		c.b, c.bad = nil, true
		return nil
	}
	head := c.b[:n:n]
	c.b = c.b[n:]
	return head
}

// rest returns all bytes that are left, aliasing the payload.
func (c *cursor) rest() []byte { return c.take(len(c.b)) }

func (c *cursor) u8() uint8 {
	if b := c.take(1); !c.bad {
		return b[0]
	}
	return 0
}

func (c *cursor) u16() uint16 {
	if b := c.take(2); !c.bad {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) u32() uint32 {
	if b := c.take(4); !c.bad {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// short returns a string with its length in one byte before it.
func (c *cursor) short() string { return string(c.take(int(c.u8()))) }

// field returns the next type-length-value entry of a tail.
func (c *cursor) field() (tag uint16, value []byte) {
	tag = c.u16()
	return tag, c.take(int(c.u16()))
}

func appendShort(b []byte, s string) []byte { return append(append(b, byte(len(s))), s...) }

// appendField appends one type-length-value entry.
func appendField(b []byte, tag uint16, value []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, tag)
	b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...)
}
