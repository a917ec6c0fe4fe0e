//go:build linux

package tsocket_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// carriers are two connected unix streams, which end with the body, and a
// descriptor to send.
func carriers(b *bt.Backend) (x, y *tsocket.Stream, fd int) {
	b.Helper()
	x, y = socketpair(b, b.Ev)
	b.Cleanup(func() { x.Close(); y.Close() })
	return x, y, eventfd(b, 7)
}

// eventfd is an eventfd that ends with the body.
func eventfd(b *bt.Backend, n uint32) int {
	b.Helper()
	fd, errno := b.Ev.Driver().Kernel.Eventfd(n)
	if errno != 0 {
		b.Fatal(errno)
	}
	b.Cleanup(func() { b.Ev.Driver().Kernel.Close(fd) })
	return fd
}

// worth reads a counter that came and closes it.
func worth(b *bt.Backend, fd int) byte {
	b.Helper()
	k := b.Ev.Driver().Kernel
	v := make([]byte, 8)
	if _, errno := k.Read(fd, v); errno != 0 {
		b.Fatal(errno)
	}
	if errno := k.Close(fd); errno != 0 {
		b.Fatal(errno)
	}
	return v[0] + v[7]
}

// lowest is the number that the next descriptor gets: it is the same after as
// before as long as none is left open.
func lowest(b *bt.Backend, fd int) int {
	b.Helper()
	k := b.Ev.Driver().Kernel
	n, errno := k.Dup(fd)
	if errno != 0 {
		b.Fatal(errno)
	}
	k.Close(n)
	return n
}

// balanced wants no descriptor more open at the end of the body than now.
func balanced(b *bt.Backend, fd int) {
	b.Helper()
	before := lowest(b, fd)
	b.Cleanup(func() {
		if after := lowest(b, fd); after > before {
			b.Errorf("the lowest free descriptor was %d before and is %d", before, after)
		}
	})
}

func rights(b *bt.Backend, r tevent.Req[tsocket.Rights], n, fds int, surplus bool) []int {
	b.Helper()
	got := done(b, b.Ev, r)
	if got.N != n || len(got.FDs) != fds || got.Surplus != surplus {
		b.Fatalf("%+v, want %d bytes and %d descriptors, surplus %v", got, n, fds, surplus)
	}
	return got.FDs
}

func TestADescriptorTravelsWithBytes(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		buf := make([]byte, 5)
		r := y.RecvRights(buf, make([]int, 3))
		if n := done(b, b.Ev, x.SendRights([]byte("hello"), fd, fd)); n != 5 {
			b.Fatal(n)
		}
		fds := rights(b, r, 5, 2, false)
		if string(buf) != "hello" || fds[0] == fd || worth(b, fds[0]) != 7 {
			b.Fatalf("%q, %v", buf, fds)
		}
		b.Ev.Driver().Kernel.Close(fds[1])
	})
}

func TestTheSenderMayCloseADescriptorAtOnce(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, _ := carriers(b)
		k := b.Ev.Driver().Kernel
		fd, errno := k.Eventfd(9)
		if errno != 0 {
			b.Fatal(errno)
		}
		x.SendRights([]byte("x"), fd).Ignore()
		k.Close(fd)
		fds := rights(b, y.RecvRights(make([]byte, 1), make([]int, 1)), 1, 1, false)
		if n := worth(b, fds[0]); n != 9 {
			b.Fatal(n)
		}
	})
}

func TestDescriptorsTravelInTheOrderOfTheStream(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		one, two := eventfd(b, 1), eventfd(b, 2)
		x.Send([]byte("plain ")).Ignore()
		x.SendRights([]byte("one "), one).Ignore()
		x.SendRights([]byte("two "), two).Ignore()
		x.Send([]byte("and")).Ignore()
		x.Send([]byte(" on")).Ignore()
		x.SendShutdown().Ignore()
		buf := make([]byte, 6)
		rights(b, y.RecvRights(buf, make([]int, 4)), 6, 0, false)
		fds := rights(b, y.RecvRights(buf[:5], make([]int, 4)), 5, 2, false)
		if n, m := worth(b, fds[0]), worth(b, fds[1]); n != 1 || m != 2 {
			b.Fatalf("%d came before %d", n, m)
		}
		read(b, b.Ev, y, "wo and on")
		fails(b, b.Ev, y.RecvRights(buf, nil), io.EOF, syscall.EPIPE)
	})
}

func TestASurplusOfDescriptorsIsClosedAndTold(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		for room := range 4 {
			x.SendRights([]byte("x"), fd, fd, fd).Ignore()
			fds := rights(b, y.RecvRights(make([]byte, 1), make([]int, room)), 1, room, room < 3)
			for _, fd := range fds {
				b.Ev.Driver().Kernel.Close(fd)
			}
		}
	})
}

func TestDescriptorsInAStreamThatNobodyAskedForAreClosed(t *testing.T) {
	for name, take := range map[string]func(b *bt.Backend, y *tsocket.Stream){
		"by a plain read":  func(b *bt.Backend, y *tsocket.Stream) { read(b, b.Ev, y, "abc") },
		"by an exact read": func(b *bt.Backend, y *tsocket.Stream) { y.SetReadAhead(0); read(b, b.Ev, y, "abc") },
		"by a peek":        func(b *bt.Backend, y *tsocket.Stream) { done(b, b.Ev, y.Peek(3)) },
		"by a carrier":     func(b *bt.Backend, y *tsocket.Stream) { must(b, y.CarryRights()); read(b, b.Ev, y, "abc") },
		"when a read waits": func(b *bt.Backend, y *tsocket.Stream) {
			r := y.Readv(make([]byte, 4))
			turns(b, b.Ev, 5)
			r.Drop()
		},
		"when it is closed": func(b *bt.Backend, y *tsocket.Stream) {
			must(b, y.CarryRights())
			done(b, b.Ev, y.Peek(3))
			must(b, y.Close())
		},
		"when nothing more is read": func(b *bt.Backend, y *tsocket.Stream) {
			must(b, y.CarryRights())
			done(b, b.Ev, y.Peek(3))
			done(b, b.Ev, y.ShutdownRead())
		},
		"when consumed": func(b *bt.Backend, y *tsocket.Stream) {
			must(b, y.CarryRights())
			done(b, b.Ev, y.Peek(3))
			y.Consume(1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			bt.Each(t, func(b *bt.Backend) {
				x, y, fd := carriers(b)
				k := b.Ev.Driver().Kernel
				lost, far := plainPair(b) // far ends when nobody has lost any more
				x.SendRights([]byte("abc"), lost, fd).Ignore()
				turns(b, b.Ev, 2)
				k.Close(lost)
				before := lowest(b, fd)
				take(b, y)
				if after := lowest(b, fd); after > before {
					b.Errorf("the lowest free descriptor was %d and is %d", before, after)
				}
				if n, errno := k.Recvmsg(far, &sys.Msg{Bufs: [][]byte{make([]byte, 1)}}); n != 0 || errno != 0 {
					b.Errorf("the descriptor is still open somewhere: %d, %v", n, errno)
				}
			})
		})
	}
}

// plainPair is two sockets without streams; the second ends with the body.
func plainPair(b *bt.Backend) (int, int) {
	b.Helper()
	k := b.Ev.Driver().Kernel
	fds, errno := k.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if errno != 0 {
		b.Fatal(errno)
	}
	b.Cleanup(func() { k.Close(fds[1]) })
	return fds[0], fds[1]
}

func TestACancelledRecvRightsLosesNothing(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		r := y.RecvRights(make([]byte, 10), make([]int, 1))
		done(b, b.Ev, x.SendRights([]byte("abcdef"), fd))
		turns(b, b.Ev, 3)
		r.Cancel()
		if got := fails(b, b.Ev, r, context.Canceled); got.N != 6 || got.FDs != nil {
			b.Fatalf("%+v", got)
		}
		y.RecvRights(make([]byte, 10), make([]int, 1)).Drop()
		if _, _, err := y.ReleaseFD(); err == nil {
			b.Fatal("a stream is released with descriptors in it")
		}
		buf := make([]byte, 2)
		fds := rights(b, y.RecvRights(buf, make([]int, 1)), 2, 1, false)
		if string(buf) != "ab" || worth(b, fds[0]) != 7 {
			b.Fatalf("%q", buf)
		}
		read(b, b.Ev, y, "cdef")
	})
}

func TestDescriptorsWaitWithPeekedBytes(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		must(b, y.CarryRights())
		x.Send([]byte("h")).Ignore()
		x.SendRights([]byte("ead"), fd).Ignore()
		if got := done(b, b.Ev, y.Peek(4)); string(got) != "head" {
			b.Fatalf("%q", got)
		}
		move := y.SetEventContext
		must(b, move(nil))
		must(b, move(b.Ev))
		fds := rights(b, y.RecvRights(make([]byte, 4), make([]int, 1)), 4, 1, false)
		if n := worth(b, fds[0]); n != 7 {
			b.Fatal(n)
		}
	})
}

func TestDescriptorsOfAResultThatNobodyTakesAreClosed(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		r := y.RecvRights(make([]byte, 1), make([]int, 1))
		x.SendRights([]byte("xy"), fd).Ignore()
		turns(b, b.Ev, 3)
		r.Drop()
		y.RecvRights(make([]byte, 1), nil).Ignore()
		turns(b, b.Ev, 3)
	})
}

func TestDescriptorsBeforeAnEndInsideAreClosed(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		x.SendRights([]byte("abc"), fd).Ignore()
		x.SendShutdown().Ignore()
		got := fails(b, b.Ev, y.RecvRights(make([]byte, 4), make([]int, 1)), io.ErrUnexpectedEOF, syscall.EPIPE)
		if got.N != 3 || got.FDs != nil {
			b.Fatalf("%+v", got)
		}
	})
}

// The rest of a message that does not fit the socket carries none a second time.
func TestDescriptorsOfALongMessageTravelOnce(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		long := bytes.Repeat([]byte("0123456789"), 100_000)
		w := x.SendRights(long, fd)
		buf := make([]byte, len(long))
		fds := rights(b, y.RecvRights(buf, make([]int, 9)), len(long), 1, false)
		if done(b, b.Ev, w) != len(long) || !bytes.Equal(buf, long) || worth(b, fds[0]) != 7 {
			b.Fatal("another message came")
		}
	})
}

// What was begun has its descriptors on their way; what was not takes them back.
func TestACancelledSendRightsIsWholeOrNotThere(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		long := make([]byte, 1_000_000)
		first, second := x.SendRights(long, fd), x.SendRights([]byte("x"), fd)
		turns(b, b.Ev, 2)
		first.Cancel()
		second.Cancel()
		n := fails(b, b.Ev, first, context.Canceled)
		if n == 0 || n == len(long) || fails(b, b.Ev, second, context.Canceled) != 0 {
			b.Fatalf("%d bytes were sent", n)
		}
		x.SendShutdown().Ignore()
		fds := rights(b, y.RecvRights(long, make([]int, 9)), len(long), 1, false)
		b.Ev.Driver().Kernel.Close(fds[0])
		fails(b, b.Ev, y.Readv(make([]byte, 1)), io.EOF)
	})
}

func TestWhatCannotBeSentWithDescriptorsIsRefusedBeforehand(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		many := make([]int, tsocket.MaxRights+1)
		for i := range many {
			many[i] = fd
		}
		fails(b, b.Ev, x.SendRights([]byte("x"), many...), syscall.EINVAL)
		fails(b, b.Ev, x.SendRights(nil, fd), syscall.EINVAL)
		fails(b, b.Ev, x.SendRights([]byte("x")), syscall.EINVAL)
		fails(b, b.Ev, x.SendRights([]byte("x"), fd, 1<<20), syscall.EBADF)
		fails(b, b.Ev, y.RecvRights(nil, nil), syscall.EINVAL)
		x.Close()
		fails(b, b.Ev, x.SendRights([]byte("x"), fd), net.ErrClosed)
		fails(b, b.Ev, x.RecvRights(make([]byte, 1), nil), net.ErrClosed)
		if _, err := x.PeerCred(); err == nil {
			b.Fatal("a closed stream has a peer")
		}
	})
}

func TestTheMostDescriptorsTravel(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		balanced(b, fd)
		many := make([]int, tsocket.MaxRights)
		for i := range many {
			many[i] = fd
		}
		x.SendRights([]byte("x"), many...).Ignore()
		for _, fd := range rights(b, y.RecvRights(make([]byte, 1), many), 1, len(many), false) {
			b.Ev.Driver().Kernel.Close(fd)
		}
	})
}

// A program that would lose descriptors now and then fails every time.
func TestRightsAfterOverReadsAreRefused(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, _ := carriers(b)
		write(b, b.Ev, x, "abc")
		read(b, b.Ev, y, "abc")
		fails(b, b.Ev, y.RecvRights(make([]byte, 1), nil), syscall.EINVAL)
		write(b, b.Ev, y, "abc")
		x.SetReadAhead(0)
		read(b, b.Ev, x, "abc")
		r := x.RecvRights(make([]byte, 1), nil)
		fails(b, b.Ev, x.RecvRights(make([]byte, 1), nil), syscall.EBUSY)
		fails(b, b.Ev, x.Readv(make([]byte, 1)), syscall.EBUSY)
		r.Drop()
	})
}

func TestOnlyUnixSocketsCarryRights(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		_, _, fd := carriers(b)
		x, y := connected(b, b.Ev, address(b, "127.0.0.1:0"))
		p, q := tsocket.Pipe(b.Ev, tsocket.PipeConfig{})
		for _, s := range []*tsocket.Stream{x, y, p, q} {
			fails(b, b.Ev, s.SendRights([]byte("x"), fd), syscall.EOPNOTSUPP)
			fails(b, b.Ev, s.RecvRights(make([]byte, 1), nil), syscall.EOPNOTSUPP)
			_, err := s.PeerCred()
			is(b, err, syscall.EOPNOTSUPP)
			is(b, s.CarryRights(), syscall.EOPNOTSUPP)
			s.Close()
		}
	})
}

func TestThePeerIsKnown(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, _, _ := carriers(b)
		c, err := x.PeerCred()
		must(b, err)
		if c.PID == 0 {
			b.Errorf("%+v", c)
		}
		if b.Name() == "epoll" && c != (tsocket.Cred{PID: os.Getpid(), UID: uint32(os.Getuid()), GID: uint32(os.Getgid())}) {
			b.Errorf("%+v", c)
		}
	})
}

// Too many on their way in the system is this message's trouble, not the stream's.
func TestTooManyDescriptorsOnTheirWayEndOneRequest(t *testing.T) {
	ev, in := injected(t)
	x, y := socketpair(t, ev)
	closing(t, x, y)
	in.Inject(fault.Plan{Call: fault.SendPacket, Nth: 1, Errno: syscall.ETOOMANYREFS})
	first, second := x.SendRights([]byte("x"), 0), x.Send([]byte("y"))
	if n := fails(t, ev, first, syscall.ETOOMANYREFS); n != 0 {
		t.Errorf("%d bytes", n)
	}
	done(t, ev, second)
	read(t, ev, y, "y")
}

// A receive stops behind descriptors that nobody asked for, although more is there.
func TestBytesBehindUnaskedForDescriptorsAreRead(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, fd := carriers(b)
		for range 3 {
			x.SendRights([]byte("abc"), fd).Ignore()
			x.Send([]byte("def")).Ignore()
			turns(b, b.Ev, 3)
			read(b, b.Ev, y, "abcdef")
			x.SendRights([]byte("abc"), fd).Ignore()
			x.Send([]byte("def")).Ignore()
			turns(b, b.Ev, 3)
			if got := done(b, b.Ev, y.Peek(6)); string(got) != "abcdef" {
				b.Fatalf("%q", got)
			}
			y.Consume(6)
		}
	})
}
