package kernel

import "github.com/tsocket-go/tsocket/internal/sys"

// message is one transfer, with what travels beside its bytes.
type message struct {
	bufs   [][]byte
	packet bool     // bytes are not all of it: an address, descriptors
	addr   sys.Addr // sending: where to; receiving: where from
	rights []*file  // sending: descriptors' files; receiving: those that came
	cut    bool     // receiving: bytes did not fit
	lost   bool     // receiving: descriptors came that nobody asked for
	// segment is how many bytes make a datagram each, 0 if all do.
	segment int
}

// size is how many bytes the buffers have; no more than sys.MaxBufs count that
// are not empty.
func (m *message) size() int {
	total, used := 0, 0
	for _, b := range m.bufs {
		if len(b) == 0 {
			continue
		}
		if used++; used > sys.MaxBufs {
			break
		}
		total += len(b)
	}
	return total
}

// gather copies to dst what the buffers have from the byte skip on.
func (m *message) gather(dst []byte, skip int) int {
	n := 0
	for _, b := range m.bufs {
		if skip >= len(b) {
			skip -= len(b)
			continue
		}
		n += copy(dst[n:], b[skip:])
		skip = 0
		if n == len(dst) {
			break
		}
	}
	return n
}

// scatter copies src into the buffers from the byte skip on, as far as they
// count.
func (m *message) scatter(src []byte, skip int) int {
	src = src[:min(len(src), max(0, m.size()-skip))]
	n := 0
	for _, b := range m.bufs {
		if skip >= len(b) {
			skip -= len(b)
			continue
		}
		n += copy(b[skip:], src[n:])
		skip = 0
		if n == len(src) {
			break
		}
	}
	return n
}
