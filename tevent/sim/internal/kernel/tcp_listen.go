package kernel

import (
	"net/netip"
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (t *tcp) listen(_ *Proc, backlog int) sys.Errno {
	switch {
	case t.state == stateListen:
		t.backlog = backlog
		return 0
	case t.state != stateClosed || t.phase != unconnected:
		return syscall.EINVAL
	}
	if e := t.autobind(); e != 0 {
		return e
	}
	t.port.listen = true
	if t.host.tcp.taken(t.port) {
		t.port.listen = false
		return syscall.EADDRINUSE
	}
	t.state, t.backlog = stateListen, backlog
	t.err = 0
	return 0
}

// autobind gives a socket without one a port of all addresses.
func (t *tcp) autobind() sys.Errno {
	if t.port != nil {
		return 0
	}
	any := outer(t.family, t.local).Inet.Addr()
	port, e := t.host.tcp.bind(t, netip.AddrPortFrom(any, 0))
	if e == 0 {
		t.port, t.local = port, port.local
	}
	return e
}

func (t *tcp) full() bool { return len(t.queue) > t.backlog }

// admit is a SYN of client, from peer to local as the host sees them: the
// child that answers it, or nil when it is lost.
func (t *tcp) admit(client *tcp, local, peer netip.AddrPort) *tcp {
	if t.full() {
		t.host.net.counts.Overflows++
		return nil
	}
	c := newTCP(t.host, t.family)
	c.state, c.phase = stateSynReceived, connected
	c.local, c.peer = local, peer
	c.options, c.shut, c.parent, c.other, c.life = t.options, t.shut, t, client, client.life
	c.port = holder(c, local)
	c.port.remote, c.port.named = peer, true
	t.host.tcp.add(c.port)
	c.in = newPipe(client, c)
	c.out = newPipe(c, client)
	t.asked = append(t.asked, c)
	return c
}

// enqueue makes a child whose handshake is complete ready to be accepted. It
// reports false when there is no room.
func (t *tcp) enqueue(c *tcp) bool {
	if t.full() {
		t.host.net.counts.Overflows++
		return false
	}
	t.asked = slices.DeleteFunc(t.asked, func(x *tcp) bool { return x == c })
	t.queue = append(t.queue, c)
	t.file.wake(sys.In)
	return true
}

func (t *tcp) accept() (socket, sys.Addr, sys.Errno) {
	if t.state != stateListen {
		return nil, sys.Addr{}, syscall.EINVAL
	}
	if len(t.queue) == 0 {
		return nil, sys.Addr{}, syscall.EAGAIN
	}
	c := t.queue[0]
	t.queue = slices.Delete(t.queue, 0, 1)
	c.parent = nil
	return c, outer(c.family, c.peer), 0
}

// stop ends a listener: who has not been accepted is reset, who is in a
// handshake will be.
func (t *tcp) stop() {
	t.state = stateClosed
	for _, c := range t.queue {
		c.parent, c.orphan = nil, true
		c.abort()
	}
	for _, c := range t.asked {
		c.parent, c.orphan = nil, true
	}
	t.queue, t.asked, t.port.listen = nil, nil, false
}

func listening(s socket) bool {
	switch s := s.(type) {
	case *tcp:
		return s.state == stateListen
	case *unix:
		return s.listens
	}
	return false
}

// hasPort tells whether s is bound.
func hasPort(s socket) bool {
	switch s := s.(type) {
	case *tcp:
		return s.port != nil
	case *udp:
		return s.port != nil
	}
	return false
}
