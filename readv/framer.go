package readv

import (
	"fmt"
	"syscall"
)

// Framer tells where a PDU ends. It is immutable. What it says depends on the
// bytes of this PDU only, and not on how many of them are there already, so that
// any split of the same bytes gives the same PDUs.
type Framer interface {
	// Need looks at the first bytes of the stream. n at most len(have): the PDU
	// is the first n bytes. n above len(have): ask again when n are there. It
	// is called with nothing, too, and n is at least 1. An error ends the read.
	// have is the stream's and valid during the call.
	Need(have []byte) (n int, err error)
}

// need asks f and does not trust the answer.
func need(f Framer, have []byte) (int, error) {
	n, err := f.Need(have)
	if err == nil && n < 1 {
		return 0, invalid("a framer asks for %d bytes", n)
	}
	return n, err
}

// TooLongError is a PDU above its framer's maximum.
type TooLongError struct {
	Size uint64 // bytes that were announced, or Max+1 where the end did not come
	Max  int    // bytes
}

// Error names both sizes.
func (e *TooLongError) Error() string {
	return fmt.Sprintf("readv: PDU of %d bytes, at most %d are allowed", e.Size, e.Max)
}

// invalid is a framer that cannot be meant.
func invalid(format string, args ...any) error { return fail(syscall.EINVAL, format, args...) }

// garbled is a PDU that contradicts itself.
func garbled(format string, args ...any) error { return fail(syscall.EBADMSG, format, args...) }

func fail(errno syscall.Errno, format string, args ...any) error {
	return fmt.Errorf("readv: %s: %w", fmt.Sprintf(format, args...), errno)
}

// Fixed frames PDUs of a fixed size in bytes, at least 1, else EINVAL.
type Fixed int

// Need is the size.
func (f Fixed) Need([]byte) (int, error) {
	if f < 1 {
		return 0, invalid("a fixed size of %d bytes", int(f))
	}
	return int(f), nil
}
