//go:build linux

package fidelity

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func socket(r *run, s *step) string {
	proto := 0
	if len(s.args) > 2 {
		proto = s.word(2, protocols)
	}
	fd, e := r.kernel.Socket(s.word(0, domains), s.word(1, types), proto)
	if e == 0 {
		r.made(s.names, fd)
	}
	return answer(e)
}

func socketpair(r *run, s *step) string {
	fds, e := r.kernel.Socketpair(s.word(0, domains), s.word(1, types), 0)
	if e == 0 {
		r.made(s.names, fds[:]...)
	}
	return answer(e)
}

func bind(r *run, s *step) string {
	a := r.address(s.arg(1))
	e := r.kernel.Bind(r.fd(s.arg(0)), &a)
	r.bound(s.arg(0))
	return answer(e)
}

func listen(r *run, s *step) string {
	e := r.kernel.Listen(r.fd(s.arg(0)), s.int(1))
	r.bound(s.arg(0))
	return answer(e)
}

func connect(r *run, s *step) string {
	a := r.address(s.arg(1))
	e := r.kernel.Connect(r.fd(s.arg(0)), &a)
	r.bound(s.arg(0))
	return answer(e)
}

func accept(r *run, s *step) string {
	fd, from, e := r.kernel.Accept(r.fd(s.arg(0)))
	if e != 0 {
		return errnoName(e)
	}
	r.made(s.names, fd)
	return "from " + r.where(from)
}

func shutdown(r *run, s *step) string {
	return answer(r.kernel.Shutdown(r.fd(s.arg(0)), s.word(1, directions)))
}

func sockname(r *run, s *step) string {
	a, e := r.kernel.Sockname(r.fd(s.arg(0)))
	return r.found(a, e)
}

func peername(r *run, s *step) string {
	a, e := r.kernel.Peername(r.fd(s.arg(0)))
	return r.found(a, e)
}

func (r *run) found(a sys.Addr, e sys.Errno) string {
	if e != 0 {
		return errnoName(e)
	}
	return r.where(a)
}

// peercred tells whether the peer is who we are: both ends are ours.
func peercred(r *run, s *step) string {
	c, e := r.kernel.Peercred(r.fd(s.arg(0)))
	switch {
	case e != 0:
		return errnoName(e)
	case c == r.cred:
		return "us"
	case c.PID == 0:
		return "nobody"
	}
	return "another"
}

func unlink(r *run, s *step) string {
	return answer(r.kernel.Unlink(r.path(s.arg(0))))
}

func tcp(r *run, s *step) string { return r.connected(s, unix.AF_INET, "127.0.0.1:0") }

func tcp6(r *run, s *step) string { return r.connected(s, unix.AF_INET6, "[::1]:0") }

// connected makes two ends of a connection; its listener is gone.
func (r *run) connected(s *step, domain int, at string) string {
	k := r.kernel
	l, e := k.Socket(domain, unix.SOCK_STREAM, 0)
	must(e)
	defer k.Close(l)
	a := r.address(at)
	must(k.Bind(l, &a))
	must(k.Listen(l, 1))
	a, e = k.Sockname(l)
	must(e)
	c, e := k.Socket(domain, unix.SOCK_STREAM, 0)
	must(e)
	r.made(s.names[:1], c)
	if e := k.Connect(c, &a); e != unix.EINPROGRESS {
		must(e)
	}
	r.rest()
	p, _, e := k.Accept(l)
	must(e)
	r.made(s.names[1:], p)
	r.bound(s.names[0])
	r.bound(s.names[1])
	return "ok"
}

func pair(r *run, s *step) string {
	fds, e := r.kernel.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(e)
	r.made(s.names, fds[:]...)
	return "ok"
}

func udp(r *run, s *step) string {
	fd, e := r.kernel.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	must(e)
	r.made(s.names, fd)
	a := r.address("127.0.0.1:0")
	must(r.kernel.Bind(fd, &a))
	r.bound(s.names[0])
	return "ok"
}
