//go:build linux

package tsocket_test

import (
	"context"
	"io"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// couriers runs body with pairs of messages that carry descriptors, over every
// system.
func couriers(t *testing.T, body func(b *bt.Backend, x, y *tsocket.Messages, fd int)) {
	for name, open := range map[string]func(b *bt.Backend) (x, y *tsocket.Messages){
		"seqpacket": func(b *bt.Backend) (x, y *tsocket.Messages) { return messagePair(b, b.Ev) },
		"framed": func(b *bt.Backend) (x, y *tsocket.Messages) {
			s, t := socketpair(b, b.Ev)
			x, y = tsocket.FrameMessages(s), tsocket.FrameMessages(t)
			must(b, y.CarryRights())
			return x, y
		},
	} {
		t.Run(name, func(t *testing.T) {
			bt.Each(t, func(b *bt.Backend) {
				x, y := open(b)
				b.Cleanup(func() { x.Close(); y.Close() })
				fd := eventfd(b, 7)
				balanced(b, fd)
				body(b, x, y, fd)
			})
		})
	}
}

func TestDescriptorsTravelWithAMessage(t *testing.T) {
	couriers(t, func(b *bt.Backend, x, y *tsocket.Messages, fd int) {
		x.Send([]byte("without")).Ignore()
		sent := x.SendRights([]byte("with"), fd, fd)
		message(b, b.Ev, y, "without")
		buf := make([]byte, 10)
		g := done(b, b.Ev, y.RecvRights(buf, make([]int, 5)))
		if string(buf[:g.N]) != "with" || g.Truncated || g.Surplus || len(g.FDs) != 2 || worth(b, g.FDs[0]) != 7 {
			b.Fatalf("%q, %+v", buf, g)
		}
		b.Ev.Driver().Kernel.Close(g.FDs[1])
		if n := done(b, b.Ev, sent); n != 4 {
			b.Fatal(n)
		}
		x.Send([]byte("none")).Ignore()
		if g := done(b, b.Ev, y.RecvRights(buf, make([]int, 5))); g.N != 4 || len(g.FDs) != 0 {
			b.Fatalf("%+v", g)
		}
	})
}

func TestASurplusOfAMessageIsClosedAndTold(t *testing.T) {
	couriers(t, func(b *bt.Backend, x, y *tsocket.Messages, fd int) {
		x.SendRights([]byte("abcdef"), fd, fd).Ignore()
		g := done(b, b.Ev, y.RecvRights(make([]byte, 3), make([]int, 1)))
		if g.N != 3 || !g.Truncated || len(g.FDs) != 1 || !g.Surplus {
			b.Fatalf("%+v", g)
		}
		b.Ev.Driver().Kernel.Close(g.FDs[0])
	})
}

func TestDescriptorsOfAMessageThatNobodyAskedForAreClosed(t *testing.T) {
	couriers(t, func(b *bt.Backend, x, y *tsocket.Messages, fd int) {
		k := b.Ev.Driver().Kernel
		lost, far := plainPair(b)
		x.SendRights([]byte("abc"), lost, fd).Ignore()
		turns(b, b.Ev, 2)
		k.Close(lost)
		message(b, b.Ev, y, "abc")
		if n, errno := k.Recvmsg(far, &sys.Msg{Bufs: [][]byte{make([]byte, 1)}}); n != 0 || errno != 0 {
			b.Errorf("the descriptor is still open somewhere: %d, %v", n, errno)
		}
	})
}

func TestACancelledRecvRightsLeavesTheMessage(t *testing.T) {
	couriers(t, func(b *bt.Backend, x, y *tsocket.Messages, fd int) {
		buf, fds := make([]byte, 10), make([]int, 1)
		r := y.RecvRights(buf, fds)
		turns(b, b.Ev, 2)
		r.Cancel()
		fails(b, b.Ev, r, context.Canceled)
		x.SendRights([]byte("abc"), fd).Ignore()
		y.RecvRights(buf, fds).Drop()
		turns(b, b.Ev, 3)
		r = y.RecvRights(buf, fds)
		x.SendRights([]byte("def"), fd).Ignore()
		turns(b, b.Ev, 3)
		r.Drop() // it has completed
		g := done(b, b.Ev, y.RecvRights(buf, fds))
		if g.N != 3 || len(g.FDs) != 1 || worth(b, g.FDs[0]) != 7 {
			b.Fatalf("%+v", g)
		}
	})
}

func TestWhatCannotTravelWithAMessageIsRefusedBeforehand(t *testing.T) {
	couriers(t, func(b *bt.Backend, x, y *tsocket.Messages, fd int) {
		fails(b, b.Ev, x.SendRights([]byte("x"), make([]int, tsocket.MaxRights+1)...), syscall.EINVAL)
		fails(b, b.Ev, x.SendRights(nil, fd), syscall.EINVAL)
		fails(b, b.Ev, x.SendRights([]byte("x")), syscall.EINVAL)
		if _, err := y.PeerCred(); err != nil {
			b.Fatal(err)
		}
	})
}

func TestOnlyUnixSocketsCarryRightsWithMessages(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		fd := eventfd(b, 1)
		x, y := messengers(b, b.Ev, "127.0.0.1:0")
		defer x.Close()
		defer y.Close()
		fails(b, b.Ev, x.SendRights([]byte("x"), fd), syscall.EOPNOTSUPP)
		fails(b, b.Ev, y.RecvRights(make([]byte, 1), nil), syscall.EOPNOTSUPP)
		_, err := x.PeerCred()
		is(b, err, syscall.EOPNOTSUPP)
	})
}

// A socket of messages has no way to tell an empty one of a foreign peer from the
// end.
func TestAnEmptyMessageIsTheEnd(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		k := b.Ev.Driver().Kernel
		fds, errno := k.Socketpair(syscall.AF_UNIX, syscall.SOCK_SEQPACKET, 0)
		if errno != 0 {
			b.Fatal(errno)
		}
		defer k.Close(fds[1])
		m, err := tsocket.MessagesFromFD(b.Ev, fds[0])
		must(b, err)
		defer m.Close()
		for _, text := range []string{"one", "", "two"} {
			if _, errno := k.SendPacket(fds[1], &sys.Packet{Msg: sys.Msg{Bufs: [][]byte{[]byte(text)}}}); errno != 0 {
				b.Fatal(errno)
			}
		}
		message(b, b.Ev, m, "one")
		fails(b, b.Ev, m.Recv(make([]byte, 9)), io.EOF)
		fails(b, b.Ev, m.Recv(make([]byte, 9)), io.EOF)
	})
}

func TestOnlyASocketOfMessagesIsAdopted(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y := messagePair(b, b.Ev)
		defer y.Close()
		fd, err := x.ReleaseFD()
		must(b, err)
		x, err = tsocket.MessagesFromFD(b.Ev, fd)
		must(b, err)
		done(b, b.Ev, x.Send([]byte("adopted")))
		message(b, b.Ev, y, "adopted")
		must(b, x.Close())
		for _, typ := range []int{syscall.SOCK_STREAM, syscall.SOCK_DGRAM} {
			fds, _ := b.Ev.Driver().Kernel.Socketpair(syscall.AF_UNIX, typ, 0)
			_, err := tsocket.MessagesFromFD(b.Ev, fds[0])
			is(b, err, syscall.EPROTOTYPE)
			b.Ev.Driver().Kernel.Close(fds[1])
		}
		p, q := tsocket.Pipe(b.Ev, tsocket.PipeConfig{})
		defer q.Close()
		m := tsocket.FrameMessages(p)
		_, err = m.ReleaseFD()
		is(b, err, syscall.EOPNOTSUPP)
		m.Close()
	})
}
