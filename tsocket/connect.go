package tsocket

import (
	"net/netip"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// connectOp is a connection under way.
type connectOp struct {
	tevent.Op[*Stream]
	ev            *tevent.Context
	typ           int // SOCK_STREAM …
	local, remote Address
	peer          *sys.Addr // remote, as the socket has it
	f             *fdStream // what it will be; its descriptor is open from open on
	held          tevent.Holding
	io            driver.IO
	again         tevent.Timer // a unix listener without room is asked again
	delay         time.Duration
}

// Connect opens a stream to remote: inet TCP or a unix socket. There is no
// time-out but the request's deadline and the system's own.
//
// Errors: those of connect(2), EINVAL for the zero Address. Source:
// tstream_inet_tcp_connect_send, tstream_unix_connect_send.
func Connect(ev *tevent.Context, remote Address) tevent.Req[*Stream] {
	return ConnectFrom(ev, Address{}, remote)
}

// ConnectFrom is Connect from a local address; the zero Address leaves it to
// the system, and "[::]" chooses only the port. EINVAL: the two are of
// different families.
func ConnectFrom(ev *tevent.Context, local, remote Address) tevent.Req[*Stream] {
	return connectType(ev, syscall.SOCK_STREAM, local, remote)
}

func connectType(ev *tevent.Context, typ int, local, remote Address) tevent.Req[*Stream] {
	c := newConnectOp(ev, local, remote)
	c.typ = typ
	if err := c.open(); err != nil {
		c.fail(err)
		return c.Req()
	}
	c.connect()
	return c.Req()
}

// newConnectOp is one that has started and has no socket.
func newConnectOp(ev *tevent.Context, local, remote Address) *connectOp {
	c := &connectOp{ev: ev, local: local, remote: remote}
	c.io.Owner = c
	c.Start(ev, "connect")
	c.SetCancel(c.cancel)
	c.SetRelease(func(s *Stream) { s.Close() })
	return c
}

// have takes the socket over.
func (c *connectOp) have(fd int) {
	c.f = &fdStream{fd: fd}
	c.held = c.ev.Hold(tevent.KindFD, "connect")
}

// open makes the socket and binds it.
func (c *connectOp) open() error {
	local := c.local
	if local.inet.Addr() == netip.IPv6Unspecified() && c.remote.inet.Addr().Is4() {
		local = local.any4()
	}
	if !c.remote.IsValid() || local.IsValid() && local.kernel().Family != c.remote.kernel().Family {
		return syscall.EINVAL
	}
	k := c.ev.Driver().Kernel
	fd, err := openSocket(k, c.typ, c.remote)
	if err != nil {
		return err
	}
	c.have(fd)
	c.peer = c.remote.kernel()
	tune(k, fd, c.remote)
	if local.IsValid() {
		return retry(func() sys.Errno { return k.Bind(fd, local.kernel()) })
	}
	return nil
}

// connect asks the kernel; what it cannot say at once comes to Finished.
func (c *connectOp) connect() {
	errno := c.ev.Driver().Kernel.Connect(c.f.fd, c.peer)
	switch {
	case errno == 0:
		c.connected()
	case errno == syscall.EINPROGRESS || errno == syscall.EINTR:
		c.wait()
	case errno == syscall.EAGAIN && c.remote.IsUnix():
		c.later()
	default:
		c.fail(errno)
	}
}

// later asks a unix listener whose queue is full again: it gives no sign.
func (c *connectOp) later() {
	c.delay = min(max(2*c.delay, time.Millisecond), 64*time.Millisecond)
	c.again.Init(c.ev, c.connect)
	c.again.Reset(c.delay)
}

// wait registers the socket, once for the connection's whole life.
func (c *connectOp) wait() {
	if err := (*fdOps)(c.f).Attach(c.ev); err != nil {
		c.fail(err)
		return
	}
	if c.f.sock.Connected(&c.io) {
		c.Finished(&c.io)
	}
}

// Prepare is for transfers; a connect has no buffers.
func (c *connectOp) Prepare(*driver.IO) {}

// Finished is the kernel's late answer.
func (c *connectOp) Finished(io *driver.IO) {
	if io.Errno != 0 {
		c.fail(io.Errno)
		return
	}
	c.hand(addressOf(io.Peer))
}

// connected is the kernel's answer at once.
func (c *connectOp) connected() {
	if err := (*fdOps)(c.f).Attach(c.ev); err != nil {
		c.fail(err)
		return
	}
	c.hand(peername(c.ev.Driver().Kernel, c.f.fd))
}

// hand completes with the stream. A connection to itself, which TCP allows on
// one host, is nobody's.
func (c *connectOp) hand(peer Address) {
	local := sockname(c.ev.Driver().Kernel, c.f.fd)
	if local.inet.IsValid() && local == peer {
		c.fail(syscall.ECONNREFUSED)
		return
	}
	f := c.f
	c.f = nil
	c.held.Release()
	c.Done(f.front(c.ev, local, c.remote))
}

func (c *connectOp) cancel(cause error) bool {
	c.fail(cause)
	return true
}

// fail releases everything and ends the request.
func (c *connectOp) fail(err error) {
	c.again.Stop()
	if f := c.f; f != nil {
		c.f = nil
		c.held.Release()
		f.sock.Release() // if it is registered
		closeFD(c.ev.Driver().Kernel, f.fd)
	}
	c.Fail(opError("connect", c.local, c.remote, err))
}
