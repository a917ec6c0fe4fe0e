package kernel

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (u *unix) listen(p *Proc, backlog int) sys.Errno {
	switch {
	case !u.oriented():
		return syscall.EOPNOTSUPP
	case u.path == "" || u.joined:
		return syscall.EINVAL
	}
	u.listens, u.backlog = true, backlog
	u.cred, u.with = p.Cred, p.Cred
	return 0
}

// connect is done at once. EAGAIN: the backlog of the listener is full, and
// nothing was started.
func (u *unix) connect(p *Proc, a *sys.Addr) sys.Errno {
	if a.Family != syscall.AF_UNIX {
		return syscall.EINVAL
	}
	if !u.oriented() {
		return u.aim(a)
	}
	l, e := u.host.find(a.Path, u.kind)
	switch {
	case e != 0:
		return e
	case !l.listens || l.shut&reading != 0:
		return syscall.ECONNREFUSED
	case len(l.queue) > l.backlog:
		l.host.net.counts.Overflows++
		return syscall.EAGAIN
	case u.joined:
		return syscall.EISCONN
	case u.listens:
		return syscall.EINVAL
	}
	u.cred = p.Cred
	c := &unix{sock: newSock(l.host, l.family, l.kind), path: l.path, parent: l}
	c.options = l.options
	u.join(c, l.cred)
	c.join(u, p.Cred)
	l.queue = append(l.queue, c)
	l.file.wake(sys.In)
	return 0
}

// aim chooses where datagrams go, and from whom they are taken.
func (u *unix) aim(a *sys.Addr) sys.Errno {
	v, e := u.host.find(a.Path, u.kind)
	switch {
	case e != 0:
		return e
	case v.peer != nil && v.peer != u:
		return syscall.EPERM
	}
	old := u.peer
	u.peer, u.joined = v, true
	if old == nil {
		return 0
	}
	u.file.wake(sys.Out)
	old.forget(u)
	if old != v {
		u.disconnected(old)
	}
	return 0
}

// disconnected is a datagram socket that is connected to somebody else than
// old from now on: what old has sent is lost.
func (u *unix) disconnected(old *unix) {
	if len(u.packets) == 0 {
		return
	}
	u.purge()
	if old.peer == u && !old.closed {
		old.fail(syscall.ECONNRESET)
	}
}

// forget takes u out of those who wait for room.
func (v *unix) forget(u *unix) {
	v.senders = slices.DeleteFunc(v.senders, func(x *unix) bool { return x == u })
}

func (u *unix) accept() (socket, sys.Addr, sys.Errno) {
	switch {
	case !u.oriented():
		return nil, sys.Addr{}, syscall.EOPNOTSUPP
	case !u.listens:
		return nil, sys.Addr{}, syscall.EINVAL
	case len(u.queue) == 0:
		return nil, sys.Addr{}, syscall.EAGAIN
	}
	c := u.queue[0]
	u.queue = slices.Delete(u.queue, 0, 1)
	c.parent = nil
	return c, c.peer.address(), 0
}
