//go:build linux

package tsocket_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// untracked is a stream whose peer is a plain descriptor, as in production.
func untracked(tb testing.TB) (*tevent.Context, *tsocket.Stream, int) {
	tb.Helper()
	ev := teventtest.Open(tb)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(tb, err)
	s, err := tsocket.FromFD(ev, fds[0])
	must(tb, err)
	tb.Cleanup(func() {
		s.Close()
		unix.Close(fds[1])
		ev.Close()
	})
	return ev, s, fds[1]
}

// BenchmarkReadv is one read of 64 bytes with its system call and its turn; the
// peer writes 64 KiB for 1024 of them.
func BenchmarkReadv(b *testing.B) {
	ev, s, peer := untracked(b)
	s.SetReadAhead(0)
	stock, buf := make([]byte, 64<<10), make([]byte, 64)
	b.ReportAllocs()
	for i := range b.N {
		if i%1024 == 0 {
			unix.Write(peer, stock)
		}
		if n, err := tevent.Wait(ev, s.Readv(buf)); n != 64 || err != nil {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkReadvAhead is the same from what one system call took in.
func BenchmarkReadvAhead(b *testing.B) {
	ev, s, peer := untracked(b)
	stock, buf := make([]byte, 64<<10), make([]byte, 64)
	b.ReportAllocs()
	for i := range b.N {
		if i%1024 == 0 {
			unix.Write(peer, stock)
		}
		if n, err := tevent.Wait(ev, s.Readv(buf)); n != 64 || err != nil {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkWritev is one write of 64 bytes with its system call and its turn;
// the peer takes 128 of them at once.
func BenchmarkWritev(b *testing.B) {
	ev, s, peer := untracked(b)
	sink, buf := make([]byte, 64<<10), make([]byte, 64)
	b.ReportAllocs()
	for i := range b.N {
		if n, err := tevent.Wait(ev, s.Writev(buf)); n != 64 || err != nil {
			b.Fatal(n, err)
		}
		if i%128 == 127 {
			unix.Read(peer, sink)
		}
	}
}

// BenchmarkSend is one message of 64 bytes of 16 that leave together.
func BenchmarkSend(b *testing.B) {
	ev, s, peer := untracked(b)
	sink, buf := make([]byte, 64<<10), make([]byte, 64)
	b.ReportAllocs()
	for left := b.N; left > 0; left -= 16 {
		for range 15 {
			s.Send(buf).Ignore()
		}
		if _, err := tevent.Wait(ev, s.Send(buf)); err != nil {
			b.Fatal(err)
		}
		unix.Read(peer, sink)
	}
}

// BenchmarkPipe is a round trip of 64 bytes between two streams in memory.
func BenchmarkPipe(b *testing.B) {
	ev := teventtest.Open(b)
	x, y := tsocket.Pipe(ev, tsocket.PipeConfig{})
	defer ev.Close()
	defer x.Close()
	defer y.Close()
	echo := &echoOp{s: y}
	echo.Start(ev, "echo")
	echo.Req().Ignore()
	echo.read()
	buf, got := make([]byte, 64), make([]byte, 64)
	b.ReportAllocs()
	for range b.N {
		r := x.Readv(got)
		x.Writev(buf).Ignore()
		if _, err := tevent.Wait(ev, r); err != nil {
			b.Fatal(err)
		}
	}
}

// echoOp sends back what comes until it fails.
type echoOp struct {
	tevent.Op[int]
	s *tsocket.Stream
	n int
}

func (e *echoOp) read() { tevent.Then(e.s.Peek(1), e, (*echoOp).got) }

func (e *echoOp) got(b []byte) {
	e.n = len(b)
	tevent.Then(e.s.Writev(b), e, (*echoOp).wrote)
}

func (e *echoOp) wrote(int) {
	e.s.Consume(e.n)
	e.read()
}
