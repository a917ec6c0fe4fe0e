package fault

import (
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Kernel = (*kernel)(nil)

// kernel is owned by the loop, except Now.
type kernel struct {
	in   *Injector
	real sys.Kernel
}

func (k *kernel) Now() int64       { return k.real.Now() }
func (k *kernel) Start() time.Time { return k.real.Start() }

func (k *kernel) Random(b []byte) {
	k.in.counts[Random].Add(1)
	k.real.Random(b)
	k.in.note(Random, -1, len(b), 0, nil)
}

func (k *kernel) Socket(domain, typ, proto int) (int, sys.Errno) {
	return k.in.get(Socket, -1, -1, func() (int, sys.Errno) { return k.real.Socket(domain, typ, proto) })
}

func (k *kernel) Socketpair(domain, typ, proto int) ([2]int, sys.Errno) {
	fds := [2]int{-1, -1}
	e := k.in.do(Socketpair, -1, func() (e sys.Errno) {
		fds, e = k.real.Socketpair(domain, typ, proto)
		return e
	})
	return fds, e
}

func (k *kernel) Bind(fd int, a *sys.Addr) sys.Errno {
	return k.in.do(Bind, fd, func() sys.Errno { return k.real.Bind(fd, a) })
}

func (k *kernel) Listen(fd, backlog int) sys.Errno {
	return k.in.do(Listen, fd, func() sys.Errno { return k.real.Listen(fd, backlog) })
}

// Connect makes the call also when it is to say that it goes on in the
// background; a real failure is then the answer, as SO_ERROR has none of it.
func (k *kernel) Connect(fd int, a *sys.Addr) sys.Errno {
	f := k.in.enter(Connect, fd)
	var e sys.Errno
	switch {
	case f == nil:
		e = k.real.Connect(fd, a)
	case f.plan.Errno == syscall.EINPROGRESS, f.plan.Errno == syscall.EINTR:
		e = k.real.Connect(fd, a)
		if e == 0 || e == syscall.EINPROGRESS || e == syscall.EINTR {
			e = f.plan.Errno
			k.in.owe(fd, sys.Out)
		}
	default:
		e = f.plan.Errno
	}
	k.in.note(Connect, fd, 0, e, f)
	return e
}

func (k *kernel) Accept(fd int) (int, sys.Addr, sys.Errno) {
	f := k.in.enter(Accept, fd)
	if f != nil {
		k.in.again(f, fd, sys.In)
		k.in.note(Accept, fd, -1, f.plan.Errno, f)
		return -1, sys.Addr{}, f.plan.Errno
	}
	n, a, e := k.real.Accept(fd)
	k.in.note(Accept, fd, n, e, nil)
	return n, a, e
}

func (k *kernel) Recvmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	f := k.in.enter(Recvmsg, fd)
	if f == nil {
		n, e := k.real.Recvmsg(fd, m)
		k.in.note(Recvmsg, fd, n, e, nil)
		return n, e
	}
	return k.transfer(Recvmsg, f, fd, m, sys.In, k.real.Recvmsg)
}

func (k *kernel) Sendmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	f := k.in.enter(Sendmsg, fd)
	if f == nil {
		n, e := k.real.Sendmsg(fd, m)
		k.in.note(Sendmsg, fd, n, e, nil)
		return n, e
	}
	return k.transfer(Sendmsg, f, fd, m, sys.Out, k.real.Sendmsg)
}

// transfer fails with an errno or moves a part. A part that the call itself
// has fallen short of owes nothing: the system will report what comes.
func (k *kernel) transfer(c Call, f *Fault, fd int, m *sys.Msg, dir sys.Ready,
	call func(int, *sys.Msg) (int, sys.Errno)) (int, sys.Errno) {
	if f.plan.Errno != 0 {
		k.in.again(f, fd, dir)
		k.in.note(c, fd, 0, f.plan.Errno, f)
		return 0, f.plan.Errno
	}
	total := 0
	for _, b := range m.Bufs {
		total += len(b)
	}
	limit := f.plan.Short.limit(total)
	n, e := call(fd, k.in.trim(m, limit))
	m.Cut = k.in.cut.Cut
	clear(k.in.cut.Bufs)
	if n == limit && limit < total {
		k.in.owe(fd, dir)
	}
	k.in.note(c, fd, n, e, f)
	return n, e
}

// trim is m with limit bytes; it is good until the next call.
func (in *Injector) trim(m *sys.Msg, limit int) *sys.Msg {
	in.cut = sys.Msg{Bufs: in.cut.Bufs[:0], Local: m.Local}
	for _, b := range m.Bufs {
		if limit == 0 {
			break
		}
		b = b[:min(len(b), limit)]
		limit -= len(b)
		in.cut.Bufs = append(in.cut.Bufs, b)
	}
	return &in.cut
}

func (k *kernel) Shutdown(fd, how int) sys.Errno {
	return k.in.do(Shutdown, fd, func() sys.Errno { return k.real.Shutdown(fd, how) })
}

// Close always closes.
func (k *kernel) Close(fd int) sys.Errno {
	f := k.in.enter(Close, fd)
	k.in.forget(fd)
	e := k.real.Close(fd)
	if f != nil {
		e = f.plan.Errno
	}
	k.in.note(Close, fd, 0, e, f)
	return e
}

func (k *kernel) Sockname(fd int) (a sys.Addr, e sys.Errno) {
	e = k.in.do(Sockname, fd, func() (e sys.Errno) {
		a, e = k.real.Sockname(fd)
		return e
	})
	return a, e
}

func (k *kernel) Peername(fd int) (a sys.Addr, e sys.Errno) {
	e = k.in.do(Peername, fd, func() (e sys.Errno) {
		a, e = k.real.Peername(fd)
		return e
	})
	return a, e
}

func (k *kernel) Sockopt(fd, level, opt int) (int, sys.Errno) {
	return k.in.get(Sockopt, fd, 0, func() (int, sys.Errno) { return k.real.Sockopt(fd, level, opt) })
}

func (k *kernel) SetSockopt(fd, level, opt, value int) sys.Errno {
	return k.in.do(SetSockopt, fd, func() sys.Errno { return k.real.SetSockopt(fd, level, opt, value) })
}

func (k *kernel) Pending(fd int) (int, sys.Errno) {
	return k.in.get(Pending, fd, 0, func() (int, sys.Errno) { return k.real.Pending(fd) })
}

func (k *kernel) SetNonblock(fd int) sys.Errno {
	return k.in.do(SetNonblock, fd, func() sys.Errno { return k.real.SetNonblock(fd) })
}

func (k *kernel) Unlink(path string) sys.Errno {
	return k.in.do(Unlink, -1, func() sys.Errno { return k.real.Unlink(path) })
}
