package backendtest

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Pair is two connected stream sockets of the kernel under b.Ev.
type Pair struct {
	b    *Backend
	fds  [2]int
	open []int
}

// Pair is a new pair; what is open at the end of the body is closed.
func (b *Backend) Pair() *Pair {
	b.Helper()
	fds, errno := b.Ev.Driver().Kernel.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if errno != 0 {
		b.Fatal(errno)
	}
	p := &Pair{b: b, fds: fds, open: fds[:]}
	b.ends = append(b.ends, func() { p.HangUp(); p.close(p.fds[0]) })
	return p
}

// FD is the near socket.
func (p *Pair) FD() int { return p.fds[0] }

// Send makes the near socket readable.
func (p *Pair) Send() {
	p.b.Helper()
	k := p.b.Ev.Driver().Kernel
	if _, errno := k.Sendmsg(p.fds[1], &sys.Msg{Bufs: [][]byte{[]byte("x")}}); errno != 0 {
		p.b.Fatal(errno)
	}
}

// Take reads what the near socket has.
func (p *Pair) Take() {
	p.b.Helper()
	k := p.b.Ev.Driver().Kernel
	if _, errno := k.Recvmsg(p.fds[0], &sys.Msg{Bufs: [][]byte{make([]byte, 64)}}); errno != 0 {
		p.b.Fatal(errno)
	}
}

// HangUp closes the far socket.
func (p *Pair) HangUp() { p.close(p.fds[1]) }

// Own leaves closing the near socket to the caller.
func (p *Pair) Own() { p.forget(p.fds[0]) }

func (p *Pair) close(fd int) {
	if p.forget(fd) {
		_ = p.b.Ev.Driver().Kernel.Close(fd)
	}
}

func (p *Pair) forget(fd int) bool {
	i := slices.Index(p.open, fd)
	if i >= 0 {
		p.open = slices.Delete(slices.Clone(p.open), i, i+1)
	}
	return i >= 0
}
