package tsocket

import (
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// fdDgram is an endpoint over a socket, front and transport in one allocation.
type fdDgram struct {
	Dgram
	sock   driver.Sock
	fd     int
	family int // of the socket
	bound  Address
	rio    driver.IO
	wio    driver.IO
	in     packets
	over   coalesced
	to     packets
	w      *DgramSend
	// Datagrams of at most segment bytes may be sent several to a packet, but for
	// the next alone ones. It is -1 until somebody has asked the kernel.
	segment, alone int
	again          tevent.Timer // a receiver without room is asked again
	delay          time.Duration
}

var _ DgramOps = (*dgramOps)(nil)

// dgramOps is fdDgram as its own transport.
type dgramOps fdDgram

// newFDDgram takes fd over, also when it fails. bound is a unix path that Close
// removes, or the zero Address.
func newFDDgram(ev *tevent.Context, fd int, bound Address, coalesce bool) (*Dgram, error) {
	k := ev.Driver().Kernel
	f := &fdDgram{fd: fd, bound: bound, segment: -1}
	f.over.on = coalesce
	name, err := askSysName(func() (sys.Addr, sys.Errno) { return k.Sockname(fd) })
	if err == nil {
		f.family = name.Family
		err = (*dgramOps)(f).Attach(ev)
	}
	if err != nil {
		undo(k, fd, bound)
		return nil, err
	}
	f.rio.Owner, f.wio.Owner = (*dgramReceiving)(f), (*dgramSending)(f)
	f.wio.Alone = f.family == syscall.AF_UNIX
	f.init(ev, (*dgramOps)(f), addressOf(name), peername(k, fd))
	return &f.Dgram, nil
}

func (f *dgramOps) Attach(ev *tevent.Context) error {
	f.again.Init(ev, f.sendAgain)
	return fail(f.sock.Init(ev.Driver(), f.fd))
}

func (f *dgramOps) Detach() error {
	f.sock.Release()
	f.over.leave(f.pool())
	return nil
}

func (f *dgramOps) StartRecv(r *DgramRecv) {
	if n := f.over.take(f.pool(), r.Packets()); n > 0 {
		r.Finish(n, nil)
		return
	}
	if f.sock.Recvfrom(&f.rio) {
		(*dgramReceiving)(f).Finished(&f.rio)
	}
}

func (f *dgramOps) CancelRecv() { f.sock.Cancel(&f.rio) }

// StartSend sends until everything is gone or something has to wait.
func (f *dgramOps) StartSend(w *DgramSend) {
	f.w = w
	for ps := w.Packets(); len(ps) > 0; ps = w.Packets() {
		f.wio.Now = f.family == syscall.AF_UNIX && ps[0].Addr.IsValid() // nothing tells of that one's room
		if !f.sock.Sendto(&f.wio) || !f.sent() {
			return
		}
	}
	w.Finish()
}

func (f *dgramOps) CancelSend() {
	f.again.Stop()
	f.sock.Cancel(&f.wio)
}

// sent is the outcome of a call. It reports false when the send has to wait.
func (f *dgramOps) sent() bool {
	f.to.forget()
	switch errno := f.wio.Errno; {
	case errno == 0:
		n := f.to.datagrams(f.wio.N)
		f.delay, f.alone = 0, max(f.alone-n, 0)
		f.w.Advance(n)
	case len(f.to.runs) > 0 && f.to.runs[0] > 1:
		f.apart(errno)
	case errno == syscall.EAGAIN:
		f.delay = min(max(2*f.delay, time.Millisecond), 64*time.Millisecond)
		f.again.Reset(f.delay)
		return false
	case errno == syscall.EMSGSIZE && f.raise(len(f.w.Packets()[0].Buf)):
	default:
		f.alone = max(f.alone-1, 0)
		f.w.Refuse(errno)
	}
	return true
}

// apart has the datagrams of a packet that was refused sent one by one: each has
// its own answer then. errno may say that they, or all of them, cannot be together.
func (f *dgramOps) apart(errno sys.Errno) {
	f.alone = f.to.runs[0]
	switch errno {
	case syscall.EIO:
		f.segment = 0
	case syscall.EINVAL, syscall.EMSGSIZE:
		f.segment = f.to.ps[0].Segment - 1
	}
}

// together is how long the datagrams of one packet may be.
func (f *dgramOps) together(n int) int {
	if n == 1 || f.alone > 0 {
		return 0
	}
	if f.segment < 0 {
		f.segment = 0
		err := retry(func() (errno sys.Errno) {
			_, errno = f.kernel().Sockopt(f.fd, syscall.IPPROTO_UDP, sys.UDPSegment)
			return errno
		})
		if err == nil {
			f.segment = largestDatagram
		}
	}
	return f.segment
}

// sendAgain asks a unix socket that had no room once more.
func (f *dgramOps) sendAgain() { f.StartSend(f.w) }

// raise makes the socket's buffer long enough for n bytes. It reports false when
// it was already, or may not become longer.
func (f *dgramOps) raise(n int) bool {
	k, want := f.kernel(), (n+2<<10-1)&^(1<<10-1)
	have := f.sendBuffer()
	if have < 0 || have >= want {
		return false
	}
	err := retry(func() sys.Errno { return k.SetSockopt(f.fd, syscall.SOL_SOCKET, syscall.SO_SNDBUF, want) })
	return err == nil && f.sendBuffer() > have
}

// sendBuffer is the length of the socket's buffer in bytes, -1 if it is unknown.
func (f *dgramOps) sendBuffer() int {
	n := -1
	_ = retry(func() (errno sys.Errno) {
		n, errno = f.kernel().Sockopt(f.fd, syscall.SOL_SOCKET, syscall.SO_SNDBUF)
		return errno
	})
	return n
}

func (f *dgramOps) Close() error {
	f.again.Stop()
	f.over.drop(f.pool(), len(f.over.rest))
	f.sock.Release() // unless it is detached already
	err := closeFD(f.kernel(), f.fd)
	unlink(f.kernel(), f.bound)
	return err
}

func (f *dgramOps) Monitor(tell func(error)) {
	if tell == nil {
		f.sock.Monitor(nil)
		return
	}
	if errno := f.sock.PacketFault(); errno != 0 {
		tell(errno)
		return
	}
	f.sock.Monitor(func() { f.Monitor(tell) })
}

func (f *dgramOps) kernel() sys.Kernel { return f.last.Driver().Kernel }

func (f *dgramOps) pool() *driver.Buffers { return &f.last.Driver().Buffers }

// dgramReceiving is the owner of the receive.
type dgramReceiving fdDgram

func (f *dgramReceiving) Prepare(io *driver.IO) {
	ps := f.recv.Packets()
	if f.over.on {
		io.Packets = f.over.room((*dgramOps)(f).pool(), len(ps))
	} else {
		io.Packets = f.in.room(ps)
	}
}

func (f *dgramReceiving) Finished(io *driver.IO) {
	n := io.N
	switch {
	case io.Errno != 0:
		n = 0
	case f.over.on:
		n = f.over.deliver((*dgramOps)(f).pool(), f.recv.Packets(), n, f.family)
	default:
		f.in.deliver(f.recv.Packets(), n, f.family)
	}
	f.in.forget()
	f.recv.Finish(n, fail(io.Errno))
}

// dgramSending is the owner of the send.
type dgramSending fdDgram

func (f *dgramSending) Prepare(io *driver.IO) {
	ps := f.w.Packets()
	io.Packets = f.to.load(ps, f.family, (*dgramOps)(f).together(len(ps)))
}

// Finished is a send that had to wait: what is left is tried at once.
func (f *dgramSending) Finished(*driver.IO) {
	ops := (*dgramOps)(f)
	if ops.sent() {
		ops.StartSend(f.w)
	}
}
