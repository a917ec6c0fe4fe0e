package tsocket

import (
	"errors"
	"io"
	"strings"
)

// Flags is what a connection looks like from outside. A flag that is set stays
// set. There is none for a closed connection: it has no owner any more.
type Flags uint8

const (
	// SHR: nothing more comes, because of the peer's end or of ShutdownRead.
	SHR Flags = 1 << iota
	// SHW: the direction to the peer was ended.
	SHW
	// ERR: something has failed for good.
	ERR
)

// String names the flags that are set, such as "SHR ERR"; "" is none.
func (f Flags) String() string {
	var set []string
	for i, name := range [...]string{"SHR", "SHW", "ERR"} {
		if f&(1<<i) != 0 {
			set = append(set, name)
		}
	}
	return strings.Join(set, " ")
}

// Flags is what is known of the connection so far, without asking the system.
func (s *Stream) Flags() Flags { return s.flags }

// endFlag is what the end of a direction means outside.
func endFlag(err error) Flags {
	if errors.Is(err, io.EOF) {
		return SHR
	}
	return ERR
}
