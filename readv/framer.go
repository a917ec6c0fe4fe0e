package readv

import "fmt"

// Framer tells where a PDU ends.
type Framer interface {
	// Need looks at the first bytes of the stream. n at most len(have): the PDU
	// is the first n bytes. n above len(have): ask again when n are there. It
	// is called with nothing, too, and n is at least 1. An error ends the read.
	Need(have []byte) (n int, err error)
}

// TooLongError is a PDU above its framer's maximum.
type TooLongError struct {
	Size uint64 // announced, or what has arrived without an end; bytes
	Max  int    // bytes
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("readv: PDU of %d bytes, at most %d are allowed", e.Size, e.Max)
}

// Fixed frames PDUs of a fixed size in bytes, at least 1.
type Fixed int

// Need is the size.
func (f Fixed) Need([]byte) (int, error) {
	if f < 1 {
		return 0, fmt.Errorf("readv: fixed size of %d", int(f))
	}
	return int(f), nil
}
