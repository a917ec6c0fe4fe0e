package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/driver"
)

// frameTry has its bytes in the inbox until all that there is room for are there.
type frameTry struct {
	frameIn
	g   Message
	err error
}

func (o *frameTry) receive(t *tries, buf []byte) (Message, error) {
	s := t.s
	o.set(buf, nil)
	if s.watched() && o.there() {
		s.restRead() // that one may wait for more
	}
	if t.waits(o) {
		s.reader, t.need = t.look, o.need()
		o.forget()
		return Message{}, syscall.EAGAIN
	}
	return o.g, o.err
}

func (o *frameTry) buffers() [][]byte {
	s := o.m.s
	s.read.bufs = append(s.read.bufs[:0], s.in.space(max(o.need(), s.overRead())))
	return s.read.bufs
}

func (o *frameTry) arrived(n int) { o.m.s.in.arrived(n) }

func (o *frameTry) feed() bool {
	o.m.discard()
	return o.there() && o.frameIn.feed()
}

// there reports whether the inbox has what the attempt needs.
func (o *frameTry) there() bool { return o.m.s.in.len() >= o.need() }

// need is how many bytes that are: more than there are as long as they do not
// suffice.
func (o *frameTry) need() int {
	m, in := o.m, &o.m.s.in
	if m.skip > 0 {
		return min(m.skip, driver.BufferSize)
	}
	if in.len() < frameHead {
		return frameHead
	}
	size := sizeOf(in.bytes())
	if m.refuses(size) != nil {
		return frameHead
	}
	return frameHead + min(int(size), len(o.buf))
}

func (o *frameTry) finish(err error) { o.g, o.err = o.outcome(err) }
func (o *frameTry) arm()             {}
