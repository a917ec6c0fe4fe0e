package tsocket

import (
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// ListenConfig is how Listen opens its socket; the zero value is Listen's.
type ListenConfig struct {
	// ReusePort lets several listeners, one for each loop, share an inet
	// address; the kernel spreads connections over them.
	ReusePort bool
	// Backlog is how many connections may wait to be accepted; 0 stands for
	// 4096. The system may allow fewer.
	Backlog int
}

// Listener accepts streams. It is owned by the loop.
type Listener struct {
	ev      *tevent.Context
	addr    Address
	path    Address // if unix, a name that Close removes
	sock    driver.Sock
	held    tevent.Holding
	io      driver.IO
	accept  *acceptOp // spare, or pending
	wait    bool      // an Accept is pending
	pause   tevent.Timer
	delay   time.Duration
	skipped int            // connections in a row that were aborted
	watch   *listenerWatch // nil until a handler is set
	closed  bool
}

// maxSkipped is how many aborted connections in a row are skipped at once.
const maxSkipped = 16

// acceptOp waits for a connection.
type acceptOp struct {
	tevent.Op[*Stream]
	stop func(error) bool
	drop func(*Stream)
}

// Listen opens a listening socket at addr: inet TCP, where a port of 0 lets the
// system choose one, or unix. "[::]" serves IPv4 as well, and IPv4 alone on a
// host without IPv6. A unix path must not exist; Close removes it again.
//
// Errors: those of bind(2) and listen(2), EINVAL for the zero Address.
func Listen(ev *tevent.Context, addr Address) (*Listener, error) {
	return ListenConfig{}.Listen(ev, addr)
}

// Listen is the package's Listen with this configuration.
func (c ListenConfig) Listen(ev *tevent.Context, addr Address) (*Listener, error) {
	return c.listen(ev, syscall.SOCK_STREAM, addr)
}

// listen is Listen with a socket of a type, such as SOCK_STREAM.
func (c ListenConfig) listen(ev *tevent.Context, typ int, addr Address) (*Listener, error) {
	fd, bound, err := c.open(ev.Driver().Kernel, typ, addr)
	if err != nil {
		return nil, opError("listen", addr, Address{}, err)
	}
	l, err := newListener(ev, fd, bound)
	if err != nil {
		undo(ev.Driver().Kernel, fd, bound)
		return nil, opError("listen", addr, Address{}, err)
	}
	l.path = bound
	return l, nil
}

// newListener is one over a socket that listens.
func newListener(ev *tevent.Context, fd int, bound Address) (*Listener, error) {
	l := &Listener{ev: ev, addr: bound}
	if err := fail(l.sock.Init(ev.Driver(), fd)); err != nil {
		return nil, err
	}
	l.io.Owner = l
	l.pause.Init(ev, l.next)
	l.held = ev.Hold(tevent.KindFD, "listener")
	return l, nil
}

// Addr is the address the listener has, with the port the system chose.
func (l *Listener) Addr() Address { return l.addr }

// Accept completes with the next connection. It fails only for good: when the
// process is out of descriptors or memory it pauses inside, and a connection
// that was aborted before it was accepted is skipped.
//
// Errors: EBUSY beside another Accept, net.ErrClosed after Close.
func (l *Listener) Accept() tevent.Req[*Stream] {
	var err error
	switch {
	case l.closed:
		err = net.ErrClosed
	case l.wait:
		err = syscall.EBUSY
	}
	if err != nil {
		return tevent.Failed[*Stream](l.ev, "accept", l.wrap("accept", err))
	}
	o := l.spare()
	o.Start(l.ev, "accept")
	o.SetCancel(o.stop)
	o.SetRelease(o.drop)
	l.wait = true
	l.watch.rest()
	if !l.pause.Armed() {
		l.next()
	}
	return o.Req()
}

// spare is an operation that is free.
func (l *Listener) spare() *acceptOp {
	if l.accept == nil || l.accept.State() != tevent.StateFree {
		l.accept = &acceptOp{
			stop: func(cause error) bool { return l.end(cause) },
			drop: func(s *Stream) { s.Close() },
		}
	}
	return l.accept
}

// next takes the next connection, or waits for it.
func (l *Listener) next() {
	switch {
	case !l.wait:
		l.watch.soon()
	case l.sock.Accept(&l.io):
		l.Finished(&l.io)
	}
}

// Prepare is for transfers; an accept has no buffers.
func (l *Listener) Prepare(*driver.IO) {}

// Finished is the kernel's answer.
func (l *Listener) Finished(io *driver.IO) {
	switch s, err := l.outcome(io); {
	case err != nil:
		l.end(err)
	case s != nil:
		l.wait = false
		l.accept.Done(s)
		l.watch.soon()
	case !l.pause.Armed():
		l.next()
	}
}

// outcome makes the kernel's answer a stream, or an error that stays. Neither: it is
// to be asked again, at once or after a rest.
func (l *Listener) outcome(io *driver.IO) (*Stream, error) {
	switch io.Errno {
	case 0:
		return l.accepted(io.N, addressOf(io.Peer)), nil
	case syscall.EBADF, syscall.EINVAL, syscall.ENOTSOCK, syscall.EOPNOTSUPP, syscall.EFAULT:
		return nil, io.Errno
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM:
		l.rest()
	default: // this connection's own trouble
		l.skip()
	}
	return nil, nil
}

// skip goes on to the next connection; too many bad ones in a row are the
// system's trouble.
func (l *Listener) skip() {
	if l.skipped++; l.skipped%maxSkipped == 0 {
		l.rest()
	}
}

// rest stops asking for 10 ms, doubling to 100 ms while nothing gets better.
func (l *Listener) rest() {
	l.delay = min(max(2*l.delay, 10*time.Millisecond), 100*time.Millisecond)
	l.pause.Reset(l.delay)
}

// accepted is the stream of a connection, nil if there can be none now.
func (l *Listener) accepted(fd int, peer Address) *Stream {
	tune(l.ev.Driver().Kernel, fd, l.addr)
	local := l.addr
	if !local.IsUnix() {
		local = sockname(l.ev.Driver().Kernel, fd)
	}
	s, err := newFDStream(l.ev, fd, local, peer)
	if err != nil {
		l.rest() // epoll's own limits
		return nil
	}
	l.delay, l.skipped = 0, 0
	return s
}

// end fails the pending Accept.
func (l *Listener) end(err error) bool {
	l.sock.Cancel(&l.io)
	l.wait = false
	l.watch.soon()
	return l.accept.Fail(l.wrap("accept", err))
}

// Close ends the listener: a pending Accept completes with net.ErrClosed, and
// connections that wait are refused. A second Close does nothing.
func (l *Listener) Close() error {
	if l.closed {
		return nil
	}
	l.closed = true
	l.pause.Stop()
	l.watch.end()
	if l.wait {
		l.end(net.ErrClosed)
	}
	l.held.Release()
	l.sock.Release()
	err := closeFD(l.ev.Driver().Kernel, l.sock.FD)
	unlink(l.ev.Driver().Kernel, l.path)
	return l.wrap("close", err)
}

// Options are the listening socket's; a connection starts with the same.
func (l *Listener) Options() Options { return Options{l} }

// socket is the descriptor, or why there is none.
func (l *Listener) socket() (sys.Kernel, int, error) {
	if l.closed {
		return nil, -1, net.ErrClosed
	}
	return l.ev.Driver().Kernel, l.sock.FD, nil
}

func (l *Listener) isIPv6() bool { return l.addr.Is6() }

func (l *Listener) wrap(verb string, err error) error { return opError(verb, l.addr, Address{}, err) }

// open opens addr, or 0.0.0.0 for [::] on a host without IPv6.
func (c ListenConfig) open(k sys.Kernel, typ int, addr Address) (int, Address, error) {
	fd, bound, err := c.openOne(k, typ, addr)
	if addr.inet.Addr() == netip.IPv6Unspecified() && noIPv6(err) {
		return c.openOne(k, typ, addr.any4())
	}
	return fd, bound, err
}

// openOne makes, binds and listens.
func (c ListenConfig) openOne(k sys.Kernel, typ int, addr Address) (int, Address, error) {
	if !addr.IsValid() {
		return -1, Address{}, syscall.EINVAL
	}
	fd, err := openSocket(k, typ, addr)
	if err != nil {
		return -1, Address{}, err
	}
	if err := c.bind(k, fd, addr); err != nil {
		k.Close(fd)
		return -1, Address{}, err
	}
	bound, err := askName(func() (sys.Addr, sys.Errno) { return k.Sockname(fd) })
	if err != nil {
		undo(k, fd, addr)
	}
	return fd, bound, err
}

// undo closes a bound socket and removes its name again.
func undo(k sys.Kernel, fd int, addr Address) {
	closeFD(k, fd)
	unlink(k, addr)
}

// unlink removes the name of a unix socket, unless it is an abstract one.
func unlink(k sys.Kernel, addr Address) {
	if path := addr.UnixPath(); path != "" && path[0] != '@' {
		retry(func() sys.Errno { return k.Unlink(path) })
	}
}

func (c ListenConfig) bind(k sys.Kernel, fd int, addr Address) error {
	if !addr.IsUnix() {
		set := func(level, opt, value int) {
			for k.SetSockopt(fd, level, opt, value) == syscall.EINTR {
			}
		}
		set(syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
		if c.ReusePort {
			set(syscall.SOL_SOCKET, sys.SoReusePort, 1)
		}
		if addr.Is6() {
			set(syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 0)
		}
	}
	if err := retry(func() sys.Errno { return k.Bind(fd, addr.kernel()) }); err != nil {
		return err
	}
	err := retry(func() sys.Errno { return k.Listen(fd, orDefault(c.Backlog, 4096)) })
	if err != nil {
		unlink(k, addr)
	}
	return err
}
