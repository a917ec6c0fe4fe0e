package kernel

import (
	"net/netip"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (t *tcp) connect(_ *Proc, a *sys.Addr) sys.Errno {
	switch {
	case t.phase == connected:
		return syscall.EISCONN
	case t.phase == abandoned:
		return syscall.EINVAL
	case t.phase == connecting:
		return t.outcome()
	case t.state != stateClosed:
		return syscall.EISCONN
	}
	if e := t.fits(a); e != 0 {
		return e
	}
	remote := target(a.Inet, t.local.Addr())
	if e := t.leave(remote); e != 0 {
		return e
	}
	t.peer = remote
	t.state, t.phase = stateSynSent, connecting
	t.in, t.out, t.other = nil, nil, nil
	t.err, t.ended, t.noSpace = 0, false, false // what was shut down stays so
	t.tries, t.born = 0, t.host.net.now
	t.life++
	t.syn()
	return syscall.EINPROGRESS
}

// outcome is what a repeated connect answers. After a failure the socket is as
// good as new.
func (t *tcp) outcome() sys.Errno {
	switch t.state {
	case stateSynSent, stateSynReceived:
		return syscall.EALREADY
	case stateClosed:
		e := t.take()
		if e == 0 {
			e = syscall.ECONNABORTED
		}
		t.disconnect()
		return e
	}
	t.phase = connected
	return 0
}

// disconnect forgets the connection. What bind gave stays; a port that it did
// not give is told still, but is not held.
func (t *tcp) disconnect() {
	t.state, t.phase = stateClosed, unconnected
	t.host.net.agenda.drop(&t.hand)
	t.host.net.agenda.drop(&t.guardian)
	t.shut, t.err, t.ended = 0, 0, false
	t.in, t.out, t.peer = nil, nil, netip.AddrPort{}
	if t.port != nil && !t.port.locked {
		t.unbind()
	}
	t.local = netip.AddrPortFrom(t.home, t.local.Port())
	if t.port != nil {
		t.port.local, t.port.remote = t.port.home, netip.AddrPort{}
		t.local = t.port.home
	}
	t.file.wake(sys.Error) // also when there is none any more
}

// leave chooses the address and the port from which the connection goes to
// remote. ENETUNREACH: the host has no address of the family. EADDRNOTAVAIL:
// all ports are taken, or the one that was bound has such a connection.
func (t *tcp) leave(remote netip.AddrPort) sys.Errno {
	ip := t.local.Addr()
	if !ip.IsValid() || ip.IsUnspecified() {
		var ok bool
		if ip, ok = t.host.source(remote.Addr()); !ok || remote.Addr().IsMulticast() {
			return syscall.ENETUNREACH
		}
	}
	switch {
	case ip.Is4() && remote.Addr().Is6():
		return syscall.EAFNOSUPPORT
	case ip.Is4() != remote.Addr().Is4():
		return syscall.ENETUNREACH
	case ip.IsLoopback() && !t.host.own(remote.Addr()):
		return syscall.EINVAL
	}
	if t.port == nil {
		port, e := t.host.tcp.lend(t, ip, remote)
		if e == 0 {
			t.port, t.local = port, port.local
		}
		return e
	}
	local := netip.AddrPortFrom(ip, t.local.Port())
	if old := t.host.tcp.tuple(local, remote); old != nil && !t.host.tcp.reusable(old) {
		return syscall.EADDRNOTAVAIL
	}
	t.port.local, t.port.remote, t.local = local, remote, local
	return 0
}

// handshake is what is due at a socket between the states.
type handshake tcp

func (s *handshake) happen() {
	t := (*tcp)(s)
	switch t.state {
	case stateSynSent:
		t.synArrives()
	case stateSynReceived:
		t.answer()
	case stateFinWait2:
		t.done(0) // the peer never closed
	}
}

// syn sends one, or sends it again.
func (t *tcp) syn() {
	n := t.host.net
	to, _, known := t.host.route(t.peer, true)
	switch {
	case !known:
		n.after(&t.hand, n.UnreachableAfter)
	case to == nil:
		t.synLost()
	default:
		n.after(&t.hand, n.Link(t.host, to).Latency.draw(n))
	}
}

// patience is the first time-out of a handshake; it doubles with each try.
const patience = int64(1e9)

func (t *tcp) synLost() {
	t.host.net.after(&t.hand, patience<<t.tries)
	t.tries++
}

// synArrives is called when a SYN would arrive: a lost one, and one without an
// answer, is sent again.
func (t *tcp) synArrives() {
	n := t.host.net
	to, at, known := t.host.route(t.peer, true)
	late := t.options.userTimeout > 0 && n.now-t.born >= int64(t.options.userTimeout)*1e6
	switch {
	case !known:
		t.done(syscall.EHOSTUNREACH)
	case t.tries > t.host.Limits.Tries, t.tries > 0 && late:
		t.giveUp()
	case to == nil || n.Link(t.host, to).Down || n.Link(t.host, to).loses(n):
		t.synLost()
	default:
		t.reach(to, at)
	}
}

// reach is a SYN at the host that has the address.
func (t *tcp) reach(to *Host, at netip.AddrPort) {
	from := t.host.seen(to, t.local, true)
	if old := to.tcp.tuple(at, from); old != nil && !t.meets(to, old) {
		return
	}
	l := to.tcp.best(at, func(b *bound) bool { return b.listen })
	if l == nil {
		to.refuse(t)
		return
	}
	if c := l.owner.(*tcp).admit(t, at, from); c != nil {
		to.net.after(&c.hand, to.net.Link(to, t.host).Latency.draw(to.net))
	}
	t.synLost() // unless an answer comes first
}

// meets handles a SYN for addresses that have a connection. It reports true
// when a listener may answer after all.
func (t *tcp) meets(to *Host, old *bound) bool {
	if old.owner == nil {
		to.tcp.remove(old)
		return true
	}
	x := old.owner.(*tcp)
	switch x.state {
	case stateSynSent:
		t.join(x)
	case stateSynReceived:
		if x.other != t || x.life != t.life {
			x.vanish() // its answer would meet a socket that knows nothing of it
		}
		t.synLost()
	default: // one that the host of t has forgotten, as the answer tells
		to.net.sendReset(t.host, x)
		t.synLost()
	}
	return false
}

// join is a connection of two sockets that both called connect, or of one
// with itself.
func (t *tcp) join(x *tcp) {
	there, back := newPipe(t, x), newPipe(x, t)
	if x == t {
		back = there
	}
	t.in, t.out, x.in, x.out = back, there, there, back
	t.establish()
	if x != t {
		x.establish()
		x.keepShut()
	}
	t.keepShut()
}

// keepShut ends the stream of who was shut down before it had a connection, or
// whose listener was. One that was answered at once goes on as it is.
func (t *tcp) keepShut() {
	if t.shut&writing != 0 {
		t.sendFin()
	}
}

// establish makes the connection usable.
func (t *tcp) establish() {
	t.state, t.other = stateEstablished, nil
	t.host.net.agenda.drop(&t.hand)
	t.heard = t.host.net.now
	t.guard()
	t.change()
}

// answer is the SYN-ACK at the client, and then the client's ACK at the child.
func (c *tcp) answer() {
	n := c.host.net
	client := c.other
	there, back := n.Link(c.host, client.host), n.Link(client.host, c.host)
	waiting := client.state == stateSynSent && client.life == c.life
	switch {
	case c.tries >= c.host.Limits.Tries:
		c.vanish()
	case there.Down || there.loses(n):
		c.again()
	case client.out != c.in && !waiting:
		c.vanish() // the client answers with a reset
	case waiting:
		client.in, client.out = c.out, c.in
		client.establish()
		d := back.delay(n)
		c.in.last = n.now + d
		n.after(&c.hand, d)
	case back.Down:
		c.again()
	case !c.greeted() && c.state == stateSynReceived:
		c.again()
	}
}

// greeted is the client's ACK at the child, alone or with data behind it. It
// reports false when there is nobody, or no room, for the connection.
func (c *tcp) greeted() bool {
	if c.parent == nil {
		c.host.net.sendReset(c.host, c.other)
		c.vanish()
		return false
	}
	if !c.parent.enqueue(c) {
		return false
	}
	c.establish()
	c.keepShut()
	return true
}

func (c *tcp) again() {
	c.host.net.after(&c.hand, patience<<c.tries)
	c.tries++
}

// vanish ends a child that nobody has heard of.
func (c *tcp) vanish() {
	c.parent.disown(c)
	c.orphan = true
	c.done(0)
}
