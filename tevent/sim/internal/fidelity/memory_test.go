//go:build linux

package fidelity

import (
	"golang.org/x/sys/unix"
)

var sealNames = map[string]int{
	"seal": unix.F_SEAL_SEAL, "shrink": unix.F_SEAL_SHRINK, "grow": unix.F_SEAL_GROW,
	"write": unix.F_SEAL_WRITE, "futurewrite": unix.F_SEAL_FUTURE_WRITE,
}

func memfd(r *run, s *step) string {
	fd, e := r.kernel.Memfd(long(s.arg(0), ""))
	if e == 0 {
		r.made(s.names, fd)
	}
	return answer(e)
}

func truncate(r *run, s *step) string {
	return answer(r.kernel.Truncate(r.fd(s.arg(0)), int64(s.int(1))))
}

func size(r *run, s *step) string {
	n, e := r.kernel.Size(r.fd(s.arg(0)))
	return number(int(n), e)
}

func seal(r *run, s *step) string {
	set := 0
	for i := range s.args[1:] {
		set |= s.word(i+1, sealNames)
	}
	return answer(r.kernel.Seal(r.fd(s.arg(0)), set))
}

func seals(r *run, s *step) string { return number(r.kernel.Seals(r.fd(s.arg(0)))) }

func mapFD(r *run, s *step) string {
	m, e := r.kernel.Map(r.fd(s.arg(0)), s.int(1))
	if e == 0 {
		r.maps[s.names[0]] = m
	}
	return answer(e)
}

func (r *run) mapping(name string) []byte {
	m := r.maps[name]
	if m == nil {
		panic(misuse("there is no " + name))
	}
	return m
}

func unmap(r *run, s *step) string {
	m := r.mapping(s.arg(0))
	delete(r.maps, s.arg(0))
	return answer(r.kernel.Unmap(m))
}

func poke(r *run, s *step) string {
	copy(r.mapping(s.arg(0))[s.int(1):], data(s.arg(2)))
	return "ok"
}

func peek(r *run, s *step) string {
	return show(r.mapping(s.arg(0))[s.int(1):][:s.int(2)])
}
