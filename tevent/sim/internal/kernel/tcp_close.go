package kernel

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (t *tcp) shutdown(how int) sys.Errno {
	dir, e := closes(how)
	if e != 0 {
		return e
	}
	if t.phase == connecting {
		t.phase = connected
		if t.state == stateClosed {
			t.phase = abandoned
		}
	}
	switch t.state {
	case stateClosed:
		t.shut |= dir
		t.change()
		return syscall.ENOTCONN
	case stateListen:
		if dir&reading == 0 {
			break
		}
		t.stop()
		t.disconnect()
	case stateSynSent:
		t.disconnect()
		t.err = syscall.ECONNRESET
	default:
		t.shut |= dir
		if dir&writing != 0 {
			t.sendFin()
		}
	}
	t.change()
	return 0
}

// sendFin ends the stream to the peer.
func (t *tcp) sendFin() {
	switch t.state {
	case stateEstablished, stateSynReceived:
		t.state = stateFinWait1
	case stateCloseWait:
		t.state = stateLastAck
	default:
		return
	}
	t.out.finish()
}

// finArrived is the end of the stream from the peer.
func (t *tcp) finArrived() {
	t.shut |= reading
	t.ended = true
	switch t.state {
	case stateEstablished:
		t.state = stateCloseWait
	case stateFinWait1:
		t.state = stateClosing
	case stateFinWait2:
		t.wait()
		return
	}
	t.change()
}

// finAcked says that the peer has our FIN.
func (t *tcp) finAcked() {
	switch t.state {
	case stateFinWait1:
		t.state = stateFinWait2
		if t.orphan {
			t.host.net.after(&t.hand, timeWait)
		}
		t.change()
	case stateClosing:
		t.wait()
	case stateLastAck:
		t.done(0)
	}
}

// wait is TIME_WAIT: the socket is closed, and its port stays taken.
func (t *tcp) wait() {
	b := holder(t, t.local)
	b.remote, b.owner, b.until = t.peer, nil, t.host.net.now+timeWait
	b.named = t.port != nil && t.port.named
	t.host.tcp.add(b)
	t.done(0)
}

// release is close, or the death of the process. With bytes that nobody has
// read, or SO_LINGER 0, the peer gets a reset, which takes away what it has
// not received yet.
func (t *tcp) release() {
	t.orphan = true
	switch t.state {
	case stateClosed:
		t.unbind()
		return
	case stateListen:
		t.stop()
		t.unbind()
		return
	case stateSynSent:
		t.done(0)
		return
	}
	if t.in.unread() > 0 || t.options.linger == 0 {
		t.abort()
		return
	}
	t.shut = both
	t.sendFin()
	if t.state == stateFinWait2 {
		t.host.net.after(&t.hand, timeWait)
	}
}

// abort resets the connection.
func (t *tcp) abort() {
	if t.state == stateClosed {
		return
	}
	to := t.out.to
	at := t.out.last
	t.done(0)
	t.host.net.resetAt(at, t.host, to)
}

// disown forgets a child in its handshake.
func (t *tcp) disown(c *tcp) {
	if t != nil {
		t.asked = slices.DeleteFunc(t.asked, func(x *tcp) bool { return x == c })
	}
	c.parent = nil
}

// rst is a reset under way. It is lost like a datagram.
type rst struct {
	timer timer
	net   *Net
	link  *Link
	to    *tcp
	life  uint32
}

func (r *rst) happen() {
	if !r.link.Down && !r.link.loses(r.net) && r.to.life == r.life {
		r.to.reset()
	}
}

// sendReset sends a reset from a host to the socket.
func (n *Net) sendReset(from *Host, to *tcp) { n.resetAt(0, from, to) }

// resetAt sends a reset that arrives no earlier than at: behind what was sent before.
func (n *Net) resetAt(at int64, from *Host, to *tcp) {
	if to.state == stateClosed {
		return
	}
	r := &rst{net: n, link: n.Link(from, to.host), to: to, life: to.life}
	r.timer.do = r
	n.agenda.set(&r.timer, max(at, n.now+r.link.Latency.draw(n)))
}

// refuse answers a SYN for a port where nobody listens.
func (h *Host) refuse(t *tcp) {
	h.net.sendReset(h, t)
	t.synLost() // the answer may be lost
}
