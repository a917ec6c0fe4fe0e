package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// rightsOp fills its caller's buffer and takes the descriptors that come with the
// bytes.
type rightsOp struct {
	tevent.Op[Rights]
	s    *Stream
	buf  []byte
	fds  []int
	from int64 // place of the first byte of buf
	got  int   // bytes in buf
}

// RecvRights fills buf completely, as Readv does, and completes with the
// descriptors that came with its bytes, close-on-exec and the caller's: at most
// len(fds), a surplus is closed and told. A descriptor comes with the first byte
// of its message, or before. The stream reads exactly from now on, see
// CarryRights.
//
// A cancelled or timed-out RecvRights leaves bytes and descriptors to the next;
// descriptors of a result that nobody takes are closed.
//
// Errors: as Readv; beside an error there are no descriptors. EINVAL after bytes were over-read, EOPNOTSUPP on what is no unix socket.
func (s *Stream) RecvRights(buf []byte, fds []int) tevent.Req[Rights] {
	_, err := s.check([][]byte{buf})
	switch {
	case err != nil:
	case s.occupied():
		err = syscall.EBUSY
	default:
		err = s.carryRights()
	}
	if err != nil {
		return tevent.Failed[Rights](s.context(), "recv rights", s.wrap("recv rights", err))
	}
	o := &rightsOp{s: s, buf: buf, fds: fds}
	o.Start(s.ev, "recv rights")
	o.SetRelease(func(r Rights) { closeAll(s.last.Driver().Kernel, r.FDs) })
	s.beginRead(o)
	return o.Req()
}

func (o *rightsOp) arm() { o.SetCancel(o.cancel) }

func (o *rightsOp) buffers() [][]byte {
	s := o.s
	s.read.bufs = append(s.read.bufs[:0], o.buf[o.got:])
	return s.read.bufs
}

func (o *rightsOp) arrived(n int) { o.got += n }

func (o *rightsOp) feed() bool {
	in := &o.s.in
	if o.got == 0 {
		o.from = o.s.here()
	}
	n := copy(o.buf[o.got:], in.bytes())
	in.consume(n)
	o.got += n
	return o.got == len(o.buf)
}

func (o *rightsOp) finish(err error) {
	s := o.s
	r := Rights{N: o.got}
	if err != nil {
		s.passed()
	} else {
		r.FDs, r.Surplus = s.carriage.take(s.last.Driver().Kernel, o.from+int64(o.got), o.fds)
	}
	o.Finish(r, s.wrap("recv rights", end(err, o.got > 0)))
}

// cancel gives the bytes back to the stream, and leaves the descriptors with
// them.
func (o *rightsOp) cancel(cause error) bool {
	s := o.s
	s.unread(o)
	if o.got > 0 {
		s.in.putBack(o.got, func(yield func([]byte)) { yield(o.buf[:o.got]) })
	}
	o.Finish(Rights{N: o.got}, s.wrap("recv rights", cause))
	return true
}
