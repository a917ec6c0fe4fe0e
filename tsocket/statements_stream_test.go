//go:build linux

package tsocket_test

import (
	"bytes"
	"io"
	"math"
	"net"
	"syscall"
	"testing"
	"unsafe"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// overPairs runs body on every backend with two connected streams, over TCP and
// over unix sockets, which end with it.
func overPairs(t *testing.T, body func(b *bt.Backend, x, y *tsocket.Stream)) {
	t.Run("tcp", func(t *testing.T) {
		bt.Each(t, func(b *bt.Backend) {
			x, y := connectedOn(b, "127.0.0.1:0")
			body(b, x, y)
		})
	})
	t.Run("unix", func(t *testing.T) {
		bt.Each(t, func(b *bt.Backend) {
			x, y, err := tsocket.Socketpair(b.Ev)
			must(b, err)
			b.Cleanup(func() {
				x.Close()
				y.Close()
			})
			body(b, x, y)
		})
	})
}

// blocked is a write of x that waits, because y does not read. It is of n bytes.
func blocked(b *bt.Backend, x *tsocket.Stream) (w tevent.Req[int], n int) {
	b.Helper()
	const size = 24 << 20
	w = x.Writev(make([]byte, size))
	turns(b, b.Ev, 20)
	if !w.InProgress() {
		b.Fatal("a write of 24 MiB does not wait")
	}
	return w, size
}

// huge is a slice that is as long as an int counts; nobody looks at it.
func huge(one *byte) []byte {
	return *(*[]byte)(unsafe.Pointer(&struct {
		at       *byte
		len, cap int
	}{one, math.MaxInt, math.MaxInt}))
}

// As tevent. Ours: any number of buffers, they are split inside.
func TestS44TotalsAreCheckedBeforeTheDirection(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		var one byte
		many := [][]byte{huge(&one), make([]byte, 1)}
		r := y.Readv(make([]byte, 1))
		w, _ := blocked(b, x)
		fails(b, b.Ev, y.Readv(), syscall.EINVAL)
		fails(b, b.Ev, y.Readv(nil, []byte{}), syscall.EINVAL)
		fails(b, b.Ev, y.Readv(many...), syscall.EMSGSIZE)
		fails(b, b.Ev, x.Writev(), syscall.EINVAL)
		fails(b, b.Ev, x.Writev([]byte{}), syscall.EINVAL)
		fails(b, b.Ev, x.Writev(many...), syscall.EMSGSIZE)
		fails(b, b.Ev, x.Writev(many[1:]...), syscall.EBUSY)
		done(b, b.Ev, r)
		w.Drop()
		out, in := make([][]byte, 1500), make([]byte, 1500)
		for i := range out {
			out[i] = []byte{byte(i)}
		}
		n := done(b, b.Ev, y.Writev(out...))
		if done(b, b.Ev, x.Readv(in)); n != 1500 || in[1499] != 1499%256 {
			b.Error(n, in[1499])
		}
	})
}

// As tevent.
func TestS45EmptyBuffersMayStandAnywhere(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		done(b, b.Ev, x.Writev(nil, []byte("a"), nil, []byte{}, []byte("b"), nil))
		p, q := make([]byte, 1), make([]byte, 1)
		if n := done(b, b.Ev, y.Readv([]byte{}, p, nil, q, nil)); n != 2 || string(p)+string(q) != "ab" {
			b.Error(n, p, q)
		}
		r := y.Readv(p, nil) // the empty end is not taken for the peer's
		turns(b, b.Ev, 5)
		if !r.InProgress() {
			b.Error("ended without a byte")
		}
		write(b, b.Ev, x, "c")
		done(b, b.Ev, r)
	})
}

// As tevent.
func TestS46ASecondReadIsBusyAndDisturbsNothing(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		p := make([]byte, 4)
		r := y.Readv(p)
		write(b, b.Ev, x, "12")
		turns(b, b.Ev, 3)
		fails(b, b.Ev, y.Readv(make([]byte, 1)), syscall.EBUSY)
		fails(b, b.Ev, y.Peek(1), syscall.EBUSY)
		write(b, b.Ev, x, "34")
		if n := done(b, b.Ev, r); n != 4 || string(p) != "1234" {
			b.Errorf("%d, %q", n, p)
		}
	})
}

// As tevent.
func TestS47ReadingAndWritingAreIndependent(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		r := x.Readv(make([]byte, 3))
		w, n := blocked(b, x)
		write(b, b.Ev, y, "abc")
		done(b, b.Ev, r)
		read := y.Readv(make([]byte, n))
		if done(b, b.Ev, w) != n || done(b, b.Ev, read) != n {
			b.Error("not all went over")
		}
	})
}

// Ours: the end inside a read is told as such, and the count is not lost. It is EPIPE
// as in tevent too.
func TestS48TheEndInsideAReadTellsTheCount(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		p := make([]byte, 4)
		r := y.Readv(p)
		write(b, b.Ev, x, "123")
		must(b, x.Close())
		n := fails(b, b.Ev, r, syscall.EPIPE, io.ErrUnexpectedEOF)
		if n != 3 || string(p[:3]) != "123" {
			b.Errorf("%d, %q", n, p)
		}
	})
}

// As tevent: EPIPE. Ours: io.EOF as well.
func TestS49TheEndAfterEverythingWasRead(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		write(b, b.Ev, x, "1234")
		must(b, x.Close())
		read(b, b.Ev, y, "12")
		read(b, b.Ev, y, "34")
		if n := fails(b, b.Ev, y.Readv(make([]byte, 1)), syscall.EPIPE, io.EOF); n != 0 {
			b.Error(n)
		}
	})
}

// Ours: an error sticks to its direction, a reset to both; in tevent any to both.
// Pending tells that of reading, as tevent.
func TestS50TheFirstErrorSticks(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		done(b, b.Ev, x.ShutdownWrite())
		for range 3 {
			fails(b, b.Ev, y.Readv(make([]byte, 1)), io.EOF)
			_, err := y.Pending()
			is(b, err, io.EOF, syscall.EPIPE)
			write(b, b.Ev, y, "on")
		}
		must(b, x.Close()) // with bytes that it has not read
		var err error
		until(b, "a reset", func() bool {
			_, err = tevent.Wait(b.Ev, y.Writev([]byte("x")))
			return err != nil
		})
		for range 3 {
			_, again := tevent.Wait(b.Ev, y.Writev([]byte("x")))
			is(b, again, errnoOf(err))
		}
	})
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		write(b, b.Ev, y, "unread")
		until(b, "it is there", func() bool { n, err := x.Pending(); return n == 6 && err == nil })
		must(b, x.Close())
		fails(b, b.Ev, y.Readv(make([]byte, 1)), syscall.ECONNRESET)
		fails(b, b.Ev, y.Writev([]byte("x")), syscall.ECONNRESET)
		_, err := y.Pending()
		is(b, err, syscall.ECONNRESET)
	})
}

// errnoOf is the number in an error.
func errnoOf(err error) error {
	for {
		if e, ok := err.(syscall.Errno); ok {
			return e
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		err = u.Unwrap()
	}
}

// Ours: a half of a connection is one. In tevent writes fail after the end.
func TestS51WritesGoOnAfterThePeersEnd(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		done(b, b.Ev, x.ShutdownWrite())
		fails(b, b.Ev, y.Readv(make([]byte, 1)), io.EOF)
		write(b, b.Ev, y, "still")
		turns(b, b.Ev, 3)
		write(b, b.Ev, y, " here")
		read(b, b.Ev, x, "still here")
	})
}

// Ours: the peer's end alone fails no write; when it is gone, EPIPE or a reset. As
// tevent: at once.
func TestS52ABlockedWriteEndsWithThePeerAndDoesNotSpin(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		w, _ := blocked(b, x)
		done(b, b.Ev, y.ShutdownWrite())
		turns(b, b.Ev, 3)
		if !w.InProgress() {
			b.Fatal("the peer's end ended it")
		}
		must(b, y.Close())
		n := 0
		for w.InProgress() {
			if n++; n > 20 {
				b.Fatal("many turns")
			}
			b.Turn() // sleeps until something happens
		}
		_, err := w.Result()
		if e := errnoOf(err); e != syscall.EPIPE && e != syscall.ECONNRESET {
			b.Error(err)
		}
	})
}

// Ours (S3): in tevent what was not read when the loop sees the peer's close is
// lost.
func TestS53BytesBeforeTheEndAreReadHoweverLate(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		const size = 50000
		text := bytes.Repeat([]byte("0123456789"), size/10)
		done(b, b.Ev, x.Writev(text))
		must(b, x.Close())
		turns(b, b.Ev, 20) // nobody reads
		m := y.Monitor()
		fails(b, b.Ev, m, io.EOF)
		turns(b, b.Ev, 5)
		got := make([]byte, size)
		done(b, b.Ev, y.Readv(got[:1]))
		turns(b, b.Ev, 5)
		if done(b, b.Ev, y.Readv(got[1:])); !bytes.Equal(got, text) {
			b.Error("other bytes came")
		}
		fails(b, b.Ev, y.Readv(got), io.EOF)
	})
}

// As tevent with nothing read. Ours: what a read that is given up has already is read
// by the next one.
func TestS54ADroppedReadLosesNothing(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		y.Readv(make([]byte, 4)).Drop()
		write(b, b.Ev, x, "abcd")
		read(b, b.Ev, y, "abcd")
		r := y.Readv(make([]byte, 9))
		write(b, b.Ev, x, "efgh")
		turns(b, b.Ev, 5)
		r.Drop()
		read(b, b.Ev, y, "efg")
		read(b, b.Ev, y, "h")
	})
}

// Ours: Close completes what is pending, where tevent's callback never runs.
func TestS55CloseCompletesAPendingRead(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		var told error
		y.Readv(make([]byte, 4)).SetCallback(func(r tevent.Req[int]) { _, told = r.Result() })
		must(b, y.Close())
		if told != nil {
			b.Fatal("a callback ran in the call")
		}
		b.Turn()
		is(b, told, net.ErrClosed)
	})
}
