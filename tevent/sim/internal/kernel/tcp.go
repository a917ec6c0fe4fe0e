package kernel

import (
	"net/netip"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// tcp is a TCP socket: a listener, or one end of a connection.
type tcp struct {
	sock
	state state
	phase phase
	local netip.AddrPort // as it is seen here; not valid before bind or connect
	home  netip.Addr     // of bind; not valid for the unspecified one
	peer  netip.AddrPort // as it is seen here
	port  *bound         // nil when it holds none

	in, out *pipe // nil before a connection
	noSpace bool  // somebody waits for room to send
	ended   bool  // the peer's FIN has come
	orphan  bool  // no descriptor stands for it any more

	life  uint32 // counts connections, so that an old reset does not hit a new one
	hand  timer  // of the handshake, and of FIN_WAIT_2 without an owner
	tries int
	born  int64 // when connect was called
	other *tcp  // at a handshake: the other end

	queue   []*tcp // of a listener: to be accepted
	backlog int
	asked   []*tcp // of a listener: in a handshake
	parent  *tcp   // listener that it came in by, until it is accepted

	guardian timer // of SO_KEEPALIVE
	heard    int64 // when the peer was last heard of
	probes   int
}

// state is that of RFC 9293. TIME_WAIT is not one: the socket is closed, and
// only its port remembers.
type state uint8

const (
	stateClosed state = iota
	stateListen
	stateSynSent
	stateSynReceived
	stateEstablished
	stateFinWait1
	stateFinWait2
	stateCloseWait
	stateClosing
	stateLastAck
)

// phase is how far connect has come in the eyes of the caller.
type phase uint8

const (
	unconnected phase = iota
	connecting
	connected
	abandoned // shut down after a failure that connect has not told
)

func newTCP(h *Host, family int) *tcp {
	t := &tcp{sock: newSock(h, family, syscall.SOCK_STREAM)}
	t.hand.do = (*handshake)(t)
	t.guardian.do = (*keeper)(t)
	return t
}

func (t *tcp) name() string {
	s := "tcp " + t.local.String()
	if t.peer.IsValid() {
		s += " " + t.peer.String()
	}
	return s
}

// open tells whether data can be sent as far as the peer is concerned.
func (s state) open() bool { return s == stateEstablished || s == stateCloseWait }

// joined tells whether there is a connection.
func (s state) joined() bool { return s >= stateEstablished }

func (t *tcp) poll(sys.Ready) sys.Ready {
	if t.state == stateListen {
		if len(t.queue) > 0 {
			return sys.In
		}
		return 0
	}
	r := t.ends()
	if t.state == stateClosed {
		r |= sys.Hangup
	}
	if t.state == stateSynSent || t.state == stateSynReceived {
		return r
	}
	if t.in != nil && t.in.unread() > 0 {
		r |= sys.In
	}
	if t.shut&writing != 0 || t.writable() {
		r |= sys.Out
	} else {
		t.noSpace = true
	}
	return r
}

func (t *tcp) bind(a *sys.Addr) sys.Errno {
	if a.Family != t.family {
		return t.fits(a)
	}
	if t.state != stateClosed || t.port != nil {
		return syscall.EINVAL
	}
	port, e := t.host.tcp.bind(t, inner(a.Inet))
	switch e {
	case 0:
		t.port, t.local = port, port.local
		t.settle(t.local.Addr())
		if !t.local.Addr().IsUnspecified() {
			t.home = t.local.Addr()
		}
	case syscall.EADDRINUSE: // what is left of a connection is lost
		t.local = netip.AddrPortFrom(netip.Addr{}, t.local.Port())
	}
	return e
}

func (t *tcp) sockname() sys.Addr { return outer(t.family, t.local) }

func (t *tcp) peername() (sys.Addr, sys.Errno) {
	if !t.peer.IsValid() || t.state == stateClosed || t.state == stateSynSent || t.state == stateListen {
		return sys.Addr{}, syscall.ENOTCONN
	}
	return outer(t.family, t.peer), 0
}

// pending is what can be received. A listener has no bytes to ask for.
func (t *tcp) pending() (int, sys.Errno) {
	switch {
	case t.state == stateListen:
		return 0, syscall.EINVAL
	case t.in == nil || t.state == stateSynSent || t.state == stateSynReceived:
		return 0, 0
	}
	return int(t.in.unread()), 0
}

// change is what those who wait hear when the state has changed.
func (t *tcp) change() { t.file.wake(all) }

// done ends the connection: nothing is sent or comes any more, and what has
// come can still be read.
func (t *tcp) done(e sys.Errno) {
	if e != 0 {
		t.err = e
	}
	t.state, t.shut = stateClosed, both
	a := &t.host.net.agenda
	a.drop(&t.hand)
	a.drop(&t.guardian)
	if t.out != nil {
		t.out.purge()
	}
	switch {
	case t.port == nil:
	case t.orphan, !t.port.locked:
		t.unbind()
	default:
		t.port.remote = netip.AddrPort{}
	}
	if !t.orphan {
		t.change()
	}
}

func (t *tcp) unbind() {
	t.host.tcp.remove(t.port)
	t.port = nil
}
