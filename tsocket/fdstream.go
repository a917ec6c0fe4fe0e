package tsocket

import (
	"io"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// fdStream is a stream over a connected socket, front and transport in one
// allocation.
type fdStream struct {
	Stream
	sock    driver.Sock
	fd      int
	rio     driver.IO
	wio     driver.IO
	r       *Read
	w       *Write
	packets *fdPackets // nil unless descriptors or messages are moved
	room    *fdRoom    // nil until used
	release bool       // the descriptor was given away
}

var (
	_ StreamOps  = (*fdOps)(nil)
	_ Aborter    = (*fdOps)(nil)
	_ RoomTeller = (*fdOps)(nil)
)

// fdOps is fdStream as its own transport.
type fdOps fdStream

// newFDStream takes fd over. On failure it is closed.
func newFDStream(ev *tevent.Context, fd int, local, remote Address) (*Stream, error) {
	f := &fdStream{fd: fd}
	if err := (*fdOps)(f).Attach(ev); err != nil {
		ev.Driver().Kernel.Close(fd)
		return nil, err
	}
	return f.front(ev, local, remote), nil
}

// front is the stream of an attached socket.
func (f *fdStream) front(ev *tevent.Context, local, remote Address) *Stream {
	f.rio.Owner, f.wio.Owner = (*fdReading)(f), (*fdWriting)(f)
	f.init(ev, (*fdOps)(f), local, remote)
	return &f.Stream
}

func (f *fdOps) Attach(ev *tevent.Context) error { return fail(f.sock.Init(ev.Driver(), f.fd)) }

func (f *fdOps) Detach() error {
	f.sock.Release()
	return nil
}

func (f *fdOps) StartRead(r *Read) {
	f.r = r
	if f.receive() {
		(*fdReading)(f).Finished(&f.rio)
	}
}

func (f *fdOps) receive() bool {
	if f.receivesPackets() {
		return f.sock.Recvfrom(&f.rio)
	}
	return f.sock.Recv(&f.rio)
}

func (f *fdOps) CancelRead() { f.sock.Cancel(&f.rio) }

// StartWrite sends until everything is taken or the socket is full.
func (f *fdOps) StartWrite(w *Write) {
	f.w = w
	for !w.Empty() {
		if !f.transmit() {
			return
		}
		if !(*fdWriting)(f).sent(&f.wio) {
			return
		}
	}
	w.Finish(nil)
}

func (f *fdOps) transmit() bool {
	if f.w.alone() {
		return f.sock.Sendto(&f.wio)
	}
	return f.sock.Send(&f.wio)
}

func (f *fdOps) CancelWrite() { f.sock.Cancel(&f.wio) }

// WaitRoom has tell called when a send may succeed, or fail.
func (f *fdOps) WaitRoom(tell func()) {
	if f.room == nil {
		f.room = &fdRoom{}
		f.room.Owner = f.room
	}
	f.room.tell = tell
	switch {
	case tell == nil:
		f.sock.Cancel(&f.room.IO)
	case f.sock.Writeable(&f.room.IO):
		f.room.Finished(&f.room.IO)
	}
}

// StartShut never has to wait. A connection that is over has no direction left
// to read.
func (f *fdOps) StartShut(x *Shut) {
	var err error
	switch x.Step() {
	case ShutRead:
		if err = f.shutdown(syscall.SHUT_RD); err == syscall.ENOTCONN {
			err = nil
		}
	case ShutWrite:
		err = f.shutdown(syscall.SHUT_WR)
	}
	x.Finish(err)
}

func (f *fdOps) shutdown(how int) error {
	return retry(func() sys.Errno { return f.kernel().Shutdown(f.fd, how) })
}

func (f *fdOps) Close() error {
	if f.release {
		return nil
	}
	f.sock.Release() // unless it is detached already
	return closeFD(f.kernel(), f.fd)
}

// Abort makes Close reset the connection; unix sockets do so by themselves when
// the peer's bytes were not read.
func (f *fdOps) Abort() {
	for f.kernel().SetSockopt(f.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, 0) == syscall.EINTR {
	}
}

func (f *fdOps) Monitor(tell func(error)) {
	if tell == nil {
		f.sock.Monitor(nil)
		return
	}
	f.sock.Monitor(func() {
		if errno := f.sock.Fault(); errno != 0 {
			tell(errno)
		} else {
			tell(io.EOF)
		}
	})
}

func (f *fdOps) Pending() (int, error) {
	n := 0
	err := retry(func() (errno sys.Errno) {
		n, errno = f.kernel().Pending(f.fd)
		return errno
	})
	return n, err
}

func (f *fdOps) kernel() sys.Kernel { return f.last.Driver().Kernel }

// fdReading is the owner of the receive.
type fdReading fdStream

func (f *fdReading) Prepare(io *driver.IO) {
	if (*fdOps)(f).receivesPackets() {
		f.packets.receive(io, f.r)
	} else {
		io.Msg.Bufs, io.Msg.Local = f.r.Buffers(), f.local.unix
	}
}

func (f *fdReading) Finished(op *driver.IO) {
	if len(op.Packets) > 0 {
		(*fdOps)(f).receivedPacket(op)
		return
	}
	op.Msg.Bufs = nil
	switch {
	case op.Errno != 0:
		f.r.Finish(0, op.Errno)
	case op.N == 0:
		f.r.Finish(0, io.EOF)
	default:
		f.r.Finish(op.N, nil)
	}
}

// fdWriting is the owner of the send.
type fdWriting fdStream

func (f *fdWriting) Prepare(io *driver.IO) {
	if f.w.alone() {
		f.packets.send(io, f.w)
	} else {
		io.Packets = nil // of one that was taken back
		io.Msg.Bufs = f.w.Buffers()
	}
}

// Finished is a send that had to wait: what remains is tried at once.
func (f *fdWriting) Finished(op *driver.IO) {
	if f.sent(op) {
		(*fdOps)(f).StartWrite(f.w)
	}
}

// sent notes what a send has moved; false: the direction has failed.
func (f *fdWriting) sent(op *driver.IO) bool {
	n, packet := op.N, len(op.Packets) > 0
	op.Msg.Bufs = nil
	if packet {
		n = f.packets.sent(op)
	}
	switch {
	case op.Errno == 0:
		f.w.Advance(n)
	case packet && refuses(op.Errno):
		f.w.refuse(op.Errno)
	default:
		f.w.Finish(op.Errno)
		return false
	}
	return true
}

// fdRoom waits for room to send.
type fdRoom struct {
	driver.IO
	tell func()
}

// Prepare is for transfers; a wait has no buffers.
func (r *fdRoom) Prepare(*driver.IO) {}

// Finished says that there may be room.
func (r *fdRoom) Finished(*driver.IO) {
	tell := r.tell
	r.tell = nil
	tell()
}

// fail is errno as an error; 0 is nil.
func fail(errno sys.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}

// closeFD releases fd, also when a signal interrupts it.
func closeFD(k sys.Kernel, fd int) error {
	errno := k.Close(fd)
	if errno == syscall.EINTR {
		return nil
	}
	return fail(errno)
}

// retry repeats a call that a signal interrupted.
func retry(call func() sys.Errno) error {
	errno := call()
	for errno == syscall.EINTR {
		errno = call()
	}
	return fail(errno)
}
