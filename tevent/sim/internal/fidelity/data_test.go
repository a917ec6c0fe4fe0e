//go:build linux

package fidelity

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func send(r *run, s *step) string {
	return number(r.kernel.Sendmsg(r.fd(s.arg(0)), &sys.Msg{Bufs: buffers(s.args[1:])}))
}

func recv(r *run, s *step) string {
	bufs := buffers(s.args[1:])
	m := &sys.Msg{Bufs: bufs, Local: true}
	n, e := r.kernel.Recvmsg(r.fd(s.arg(0)), m)
	if e != 0 {
		return errnoName(e)
	}
	if m.Cut {
		return join(show(received(bufs, n)), cut(sys.CutRights))
	}
	return show(received(bufs, n))
}

func sendto(r *run, s *step) string {
	p := &sys.Packet{Addr: r.address(s.arg(1))}
	p.Bufs = buffers(s.until(2, "with"))
	for _, name := range repeated(s.after("with")) {
		p.Rights = append(p.Rights, r.fd(name))
	}
	return number(r.kernel.SendPacket(r.fd(s.arg(0)), p))
}

func recvfrom(r *run, s *step) string {
	room := len(s.names)
	if after := s.after("room"); len(after) > 0 {
		fmt.Sscan(after[0], &room)
	}
	p := &sys.Packet{Rights: make([]int, 0, room)}
	p.Bufs = buffers(s.until(1, "room"))
	n, e := r.kernel.RecvPacket(r.fd(s.arg(0)), p)
	if e != 0 {
		return errnoName(e)
	}
	r.made(s.names, p.Rights...)
	return join(show(received(p.Bufs, n)), "from", r.where(p.Addr), rights(p), cut(p.Cut))
}

func rights(p *sys.Packet) string {
	if len(p.Rights) == 0 {
		return ""
	}
	return fmt.Sprintf("with %d", len(p.Rights))
}

func cut(c sys.Cut) string {
	return []string{"", "bytes cut", "rights cut", "bytes and rights cut"}[c]
}

func pending(r *run, s *step) string { return number(r.kernel.Pending(r.fd(s.arg(0)))) }

// fill sends until two looks in a row, with the network at rest between them,
// find no room. How much it takes is each kernel's own business.
func fill(r *run, s *step) string {
	fd, name := r.fd(s.arg(0)), s.arg(0)
	m := &sys.Msg{Bufs: [][]byte{pattern(4096)}}
	for refused := false; ; {
		n, e := r.kernel.Sendmsg(fd, m)
		switch {
		case e == unix.EAGAIN && refused:
			return "full"
		case e == unix.EAGAIN:
			r.rest()
		case e != 0:
			return errnoName(e)
		}
		refused = e == unix.EAGAIN
		r.filled[name] += n
	}
}

// stalled is how many pauses drain bears in a row: a sender that was told of
// no room asks again by a timer.
const stalled = 2000

// drain receives what fill has put in at the other end, and on until nothing
// is there; it tells how much is missing.
func drain(r *run, s *step) string {
	fd, from := r.fd(s.arg(0)), s.arg(1)
	m := &sys.Msg{Bufs: [][]byte{make([]byte, 4096)}}
	for pauses := 0; ; {
		n, e := r.kernel.Recvmsg(fd, m)
		r.filled[from] -= n
		switch {
		case e == unix.EAGAIN && r.filled[from] > 0 && pauses < stalled:
			pauses++
			r.pause()
			r.rest()
		case e != 0 || n == 0:
			left := r.filled[from]
			delete(r.filled, from)
			return fmt.Sprintf("all but %d, then %s", left, number(0, e))
		default:
			pauses = 0
		}
	}
}
