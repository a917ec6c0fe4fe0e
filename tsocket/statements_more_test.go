//go:build linux

package tsocket_test

import (
	"errors"
	"io"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// As tevent.
func TestS56DisconnectGoesByStates(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		r := y.Readv(make([]byte, 1))
		fails(b, b.Ev, y.Disconnect(), syscall.EBUSY)
		write(b, b.Ev, x, "x")
		done(b, b.Ev, r)
		w, _ := blocked(b, y)
		fails(b, b.Ev, y.Disconnect(), syscall.EBUSY)
		w.Drop()
		d := x.Disconnect()
		fails(b, b.Ev, x.Disconnect(), syscall.EALREADY)
		fails(b, b.Ev, x.Readv(make([]byte, 1)), syscall.ECONNABORTED)
		fails(b, b.Ev, x.Writev([]byte("x")), syscall.ECONNABORTED)
		done(b, b.Ev, d)
		fails(b, b.Ev, x.Disconnect(), syscall.ENOTCONN)
		fails(b, b.Ev, x.Readv(make([]byte, 1)), syscall.ENOTCONN)
		fails(b, b.Ev, x.Writev([]byte("x")), syscall.ENOTCONN)
	})
}

// As tevent: 8 MiB through small buffers, each byte at its place and the total exact.
func TestS57EightMiBGoThroughSmallBuffers(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		const size = 8 << 20
		must(b, x.Options().SetSendBuffer(16<<10))
		must(b, y.Options().SetRecvBuffer(16<<10))
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(i>>12 ^ i*7)
		}
		w := x.Writev(data[:1], data[1:77777], nil, data[77777:])
		got, n := 0, 0
		for got < size {
			p := done(b, b.Ev, y.Peek(1))
			for i, c := range p {
				if c != data[got+i] {
					b.Fatalf("byte %d is %d", got+i, c)
				}
			}
			got += len(p)
			y.Consume(len(p))
			n++
		}
		if total := done(b, b.Ev, w); total != size || got != size {
			b.Errorf("%d bytes were written, %d came", total, got)
		}
		if k, err := y.Pending(); k != 0 || err != nil || n < 10 {
			b.Error(k, err, n)
		}
	})
}

// As tevent: when both are ready the writeable handler is called, and only that.
func TestS58OnlyTheWriteableHandlerIsCalledWhenBothAreReady(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		write(b, b.Ev, x, "x")
		until(b, "the byte comes", func() bool { n, err := y.Pending(); return n == 1 && err == nil })
		reads, writes := 0, 0
		y.SetReadableHandler(func() {
			if reads++; writes < 30 {
				b.Fatalf("the readable one was called after %d calls", writes)
			}
			n, err := y.TryReadv(make([]byte, 1))
			if n != 1 || err != nil {
				b.Error(n, err)
			}
			y.SetReadableHandler(nil)
		})
		y.SetWriteableHandler(func() {
			if writes++; writes == 30 {
				y.SetWriteableHandler(nil)
			}
		})
		until(b, "the readable one too", func() bool { return reads == 1 })
	})
}

// Ours: operations are on the stream's own context, which stays while one is pending:
// EBUSY. In tevent each names a context, and another is EINVAL.
func TestS59AStreamStaysOnItsContextWhileAnOperationIsPending(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		r := y.Readv(make([]byte, 1))
		is(b, y.SetEventContext(nil), syscall.EBUSY)
		write(b, b.Ev, x, "x")
		done(b, b.Ev, r)
		m := y.Monitor()
		is(b, y.SetEventContext(nil), syscall.EBUSY)
		m.Drop()
		must(b, y.SetEventContext(nil))
		fails(b, b.Ev, y.Readv(make([]byte, 1)), syscall.EINVAL)
		must(b, y.SetEventContext(b.Ev))
		write(b, b.Ev, x, "y")
		read(b, b.Ev, y, "y")
	})
}

// As tevent: EALREADY, and ECONNABORTED on Disconnect. Ours: the peer's end is io.EOF
// on every transport, and EPIPE; in tevent it depends.
func TestS60MonitorTellsOfTheEnd(t *testing.T) {
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		m := y.Monitor()
		fails(b, b.Ev, y.Monitor(), syscall.EALREADY)
		write(b, b.Ev, x, "last words")
		turns(b, b.Ev, 5)
		if !m.InProgress() {
			b.Fatal("bytes are no end")
		}
		must(b, x.Close())
		fails(b, b.Ev, m, io.EOF, syscall.EPIPE)
		read(b, b.Ev, y, "last words")
	})
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		write(b, b.Ev, y, "unread")
		until(b, "it is there", func() bool { n, err := x.Pending(); return n == 6 && err == nil })
		m := y.Monitor()
		must(b, x.Close())
		fails(b, b.Ev, m, syscall.ECONNRESET)
	})
	overPairs(t, func(b *bt.Backend, x, y *tsocket.Stream) {
		m := y.Monitor()
		done(b, b.Ev, y.Disconnect())
		_, err := tevent.Wait(b.Ev, m)
		if !errors.Is(err, syscall.ECONNABORTED) {
			b.Error(err)
		}
	})
}
