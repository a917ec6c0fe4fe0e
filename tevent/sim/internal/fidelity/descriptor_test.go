//go:build linux

package fidelity

func closeFD(r *run, s *step) string {
	fd := r.fd(s.arg(0))
	delete(r.own, fd)
	return answer(r.kernel.Close(fd))
}

func dup(r *run, s *step) string {
	fd, e := r.kernel.Dup(r.fd(s.arg(0)))
	if e == 0 {
		r.made(s.names, fd)
	}
	return answer(e)
}

func nonblock(r *run, s *step) string { return answer(r.kernel.SetNonblock(r.fd(s.arg(0)))) }

func read(r *run, s *step) string {
	b := make([]byte, s.int(1))
	n, e := r.kernel.Read(r.fd(s.arg(0)), b)
	if e != 0 {
		return errnoName(e)
	}
	return show(b[:n])
}

func write(r *run, s *step) string {
	return number(r.kernel.Write(r.fd(s.arg(0)), data(s.arg(1))))
}

func eventfd(r *run, s *step) string {
	fd, e := r.kernel.Eventfd(uint32(s.int(0)))
	if e == 0 {
		r.made(s.names, fd)
	}
	return answer(e)
}
