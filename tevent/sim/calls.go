package sim

import (
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
)

var _ sys.Kernel = (*calls)(nil)

// calls is the Kernel of a process: each call takes time, in which things
// happen and others may run, fails when the plan says so, and is recorded.
type calls struct {
	sys.Kernel
	p *Proc
}

// begin is the way into the kernel.
func (k *calls) begin() {
	p, w := k.p, k.p.world
	if p.doomed {
		panic(killed{})
	}
	if w.running != p {
		panic("sim: " + p.String() + " was called from outside of its process")
	}
	r := w.rand.Uint64()
	w.net.Advance(w.net.Now() + int64(r&(w.pace.cost-1)))
	p.tire()
	w.calls++
	if p.doomed || w.told != nil || p.held() || r>>54 < w.pace.preempt || w.net.Now() >= w.until || w.calls >= w.enough {
		p.pass()
	}
}

// done records a call; arg is what tells it from others of its kind.
func (k *calls) done(c fault.Call, fd int, arg uint64, n int, e sys.Errno) {
	k.p.suffered(c, e, n)
	k.p.world.rec.called(k.p, c, fd, arg, n, e)
}

func (k *calls) Random(b []byte) {
	k.Kernel.Random(b)
	k.done(fault.Random, -1, sample(b), len(b), 0)
}

func (k *calls) Socket(domain, typ, proto int) (int, sys.Errno) {
	k.begin()
	fd, e := k.Kernel.Socket(domain, typ, proto)
	k.done(fault.Socket, -1, uint64(domain)<<8|uint64(typ), fd, e)
	return fd, e
}

func (k *calls) Socketpair(domain, typ, proto int) ([2]int, sys.Errno) {
	k.begin()
	fds, e := k.Kernel.Socketpair(domain, typ, proto)
	k.done(fault.Socketpair, -1, uint64(typ)<<32|uint64(uint32(fds[1])), fds[0], e)
	return fds, e
}

func (k *calls) Bind(fd int, a *sys.Addr) sys.Errno {
	k.begin()
	e := k.Kernel.Bind(fd, a)
	k.done(fault.Bind, fd, address(a), 0, e)
	return e
}

func (k *calls) Listen(fd, backlog int) sys.Errno {
	k.begin()
	e := k.Kernel.Listen(fd, backlog)
	k.done(fault.Listen, fd, uint64(backlog), 0, e)
	return e
}

func (k *calls) Connect(fd int, a *sys.Addr) sys.Errno {
	k.begin()
	e := k.Kernel.Connect(fd, a)
	k.p.suffered(fault.Connect, e, 0)
	k.p.world.rec.connects(k.p, fd, a, e)
	return e
}

func (k *calls) Accept(fd int) (int, sys.Addr, sys.Errno) {
	k.begin()
	n, a, e := k.Kernel.Accept(fd)
	k.done(fault.Accept, fd, address(&a), n, e)
	return n, a, e
}

func (k *calls) Recvmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.Recvmsg(fd, m)
	k.done(fault.Recvmsg, fd, first(m, n), n, e)
	return n, e
}

func (k *calls) Sendmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.Sendmsg(fd, m)
	k.done(fault.Sendmsg, fd, first(m, n), n, e)
	return n, e
}

func (k *calls) Shutdown(fd, how int) sys.Errno {
	k.begin()
	e := k.Kernel.Shutdown(fd, how)
	k.done(fault.Shutdown, fd, uint64(how), 0, e)
	return e
}

func (k *calls) Close(fd int) sys.Errno {
	k.begin()
	k.p.poll.closes(fd)
	e := k.Kernel.Close(fd)
	k.done(fault.Close, fd, 0, 0, e)
	return e
}

func (k *calls) Sockname(fd int) (sys.Addr, sys.Errno) {
	k.begin()
	a, e := k.Kernel.Sockname(fd)
	k.done(fault.Sockname, fd, address(&a), 0, e)
	return a, e
}

func (k *calls) Peername(fd int) (sys.Addr, sys.Errno) {
	k.begin()
	a, e := k.Kernel.Peername(fd)
	k.done(fault.Peername, fd, address(&a), 0, e)
	return a, e
}

func (k *calls) Sockopt(fd, level, opt int) (int, sys.Errno) {
	k.begin()
	v, e := k.Kernel.Sockopt(fd, level, opt)
	k.done(fault.Sockopt, fd, uint64(level)<<16|uint64(opt), v, e)
	return v, e
}

func (k *calls) SetSockopt(fd, level, opt, value int) sys.Errno {
	k.begin()
	e := k.Kernel.SetSockopt(fd, level, opt, value)
	k.done(fault.SetSockopt, fd, uint64(level)<<16|uint64(opt), value, e)
	return e
}

func (k *calls) Pending(fd int) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.Pending(fd)
	k.done(fault.Pending, fd, 0, n, e)
	return n, e
}

func (k *calls) SetNonblock(fd int) sys.Errno {
	k.begin()
	e := k.Kernel.SetNonblock(fd)
	k.done(fault.SetNonblock, fd, 0, 0, e)
	return e
}

func (k *calls) Unlink(path string) sys.Errno {
	k.begin()
	e := k.Kernel.Unlink(path)
	k.done(fault.Unlink, -1, text(path), 0, e)
	return e
}
