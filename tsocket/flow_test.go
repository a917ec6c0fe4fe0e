//go:build linux

package tsocket_test

import (
	"bytes"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestS14OneSystemCallPerTurn(t *testing.T) {
	ev, in := injected(t)
	a, b := socketpair(t, ev)
	closing(t, a, b)
	var last tevent.Req[int]
	for range 10 {
		last = a.Send([]byte("ab"), []byte("cd"))
		last.Ignore()
	}
	if n := in.Count(fault.Sendmsg); n != 0 {
		t.Fatalf("%d system calls before the end of the turn", n)
	}
	read(t, ev, b, string(bytes.Repeat([]byte("abcd"), 10)))
	if n := in.Count(fault.Sendmsg); n != 1 {
		t.Fatalf("%d system calls for 10 messages", n)
	}
}

func TestS14MuchIsSentAtOnce(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int
		b    []byte
	}{{"64 messages", 64, []byte("x")}, {"64 KiB", 2, make([]byte, 32<<10)}} {
		t.Run(c.name, func(t *testing.T) {
			ev, in := injected(t)
			a, b := socketpair(t, ev)
			closing(t, a, b)
			for i := range c.n {
				if n := in.Count(fault.Sendmsg); n != 0 {
					t.Fatalf("%d system calls before message %d", n, i)
				}
				a.Send(c.b).Ignore()
			}
			if n := in.Count(fault.Sendmsg); n != 1 {
				t.Fatalf("%d system calls", n)
			}
			done(t, ev, b.Readv(make([]byte, c.n*len(c.b))))
		})
	}
}

func TestS6TheWriterRunsFirstAndOnceReceivesATurn(t *testing.T) {
	ev, in := injected(t)
	a, b := socketpair(t, ev)
	closing(t, a, b)
	// b: a write that waits, and a read that waits.
	w := b.Writev(make([]byte, 1<<20))
	r := b.Readv(make([]byte, 100))
	turns(t, ev, 2)
	fd, _, err := a.ReleaseFD()
	must(t, err)
	defer unix.Close(fd)
	must(t, unix.SetNonblock(fd, false))
	rawWrite(t, fd, string(make([]byte, 100)))
	n, err := unix.IoctlGetInt(fd, unix.SIOCINQ)
	must(t, err)
	rawRead(t, fd, n) // now both are ready
	in.Record(true)
	turns(t, ev, 1)
	row := []fault.Call{}
	for _, e := range in.Log() {
		if e.Call == fault.Sendmsg || e.Call == fault.Recvmsg {
			row = append(row, e.Call)
		}
	}
	if len(row) < 2 || row[0] != fault.Sendmsg || row[len(row)-1] != fault.Recvmsg {
		t.Fatalf("the calls of the turn are %v", row)
	}
	done(t, ev, r)
	w.Drop()
}

func TestS6AStreamReceivesOnceATurn(t *testing.T) {
	ev, in := injected(t)
	a, b := socketpair(t, ev)
	closing(t, a, b)
	b.SetReadAhead(0)
	write(t, ev, a, string(make([]byte, 100)))
	in.Record(true)
	for range 100 {
		done(t, ev, b.Readv(make([]byte, 1)))
	}
	row := 0
	for _, e := range in.Log() {
		switch e.Call {
		case fault.Recvmsg:
			row++
		case fault.Wait:
			row = 0
		}
		if row > 1 {
			t.Fatal("two receives between two waits")
		}
	}
}

func TestS13OverReadIsBounded(t *testing.T) {
	ev, _ := injected(t)
	a, b := socketpair(t, ev)
	closing(t, a, b)
	w := a.Writev(make([]byte, 1<<20))
	read(t, ev, b, "\x00")
	turns(t, ev, 5)
	if n := len(b.Buffered()); n != tsocket.DefaultReadAhead {
		t.Errorf("%d bytes were over-read", n)
	}
	w.Drop()
}

func TestS13OverReadOfAContextIsBounded(t *testing.T) {
	ev, _ := injected(t)
	const limit = 16 << 20
	var all []*tsocket.Stream
	for range limit/tsocket.DefaultReadAhead + 44 {
		a, b := socketpair(t, ev)
		closing(t, a, b)
		all = append(all, b)
		done(t, ev, a.Writev(make([]byte, 100<<10)))
		read(t, ev, b, "\x00")
	}
	if n := ev.Driver().Buffers.Taken(); n > limit+tsocket.DefaultReadAhead {
		t.Fatalf("%d bytes of buffers", n)
	}
	last := all[len(all)-1]
	if n := len(last.Buffered()); n != 0 {
		t.Fatalf("%d bytes were over-read beyond the limit", n)
	}
	for _, b := range all { // and everything arrives
		done(t, ev, b.Readv(make([]byte, 100<<10-1)))
	}
	turns(t, ev, 1)
	if n := ev.Driver().Buffers.Taken(); n != 0 {
		t.Fatalf("%d bytes of buffers with nothing in them", n)
	}
}

func TestS13LeftOversMoveToASmallBuffer(t *testing.T) {
	ev, _ := injected(t)
	a, b := socketpair(t, ev)
	closing(t, a, b)
	write(t, ev, a, "abc")
	read(t, ev, b, "a")
	turns(t, ev, 1)
	if n := ev.Driver().Buffers.Taken(); n != 512 {
		t.Errorf("2 bytes are held in %d", n)
	}
	read(t, ev, b, "bc")
	write(t, ev, a, string(make([]byte, 40000)))
	done(t, ev, b.Peek(1))
	b.Consume(39990)
	turns(t, ev, 1)
	if n := ev.Driver().Buffers.Taken(); n != 512 {
		t.Errorf("10 bytes are held in %d", n)
	}
	read(t, ev, b, string(make([]byte, 10)))
}

// No receive is made that nobody asked for.
func TestS13WhoDoesNotReadMakesNoCall(t *testing.T) {
	ev, in := injected(t)
	a, b := socketpair(t, ev)
	closing(t, a, b)
	write(t, ev, a, "abcdef")
	turns(t, ev, 3)
	if n := in.Count(fault.Recvmsg); n != 0 {
		t.Fatalf("%d receives with no read pending", n)
	}
	for range 6 {
		done(t, ev, b.Readv(make([]byte, 1)))
	}
	if n := in.Count(fault.Recvmsg); n != 1 {
		t.Fatalf("%d receives for 6 bytes that came together", n)
	}
}

// A write that waits lets the loop sleep, whatever the peer has done short of
// going away.
func TestS9ABlockedWriteDoesNotSpin(t *testing.T) {
	for name, pair := range map[string]func(testing.TB, *tevent.Context) (a, b *tsocket.Stream){
		"tcp": tcpPair, "unix": socketpair,
	} {
		t.Run(name, func(t *testing.T) {
			ev, in := injected(t)
			a, b := pair(t, ev)
			closing(t, a, b)
			w := a.Writev(make([]byte, 24<<20))
			r := a.Readv(make([]byte, 1))
			done(t, ev, b.ShutdownWrite()) // a FIN, and no room
			fails(t, ev, r, atEnd...)
			turns(t, ev, 20)
			before := in.Count(fault.Wait)
			done(t, ev, tevent.Sleep(ev, 20*time.Millisecond))
			if n := in.Count(fault.Wait) - before; n > 10 {
				t.Errorf("%d turns while nothing happened", n)
			}
			before = in.Count(fault.Wait)
			b.Close()
			if _, err := tevent.Wait(ev, w.SetTimeout(patience)); err == nil {
				t.Fatal("a write to nobody succeeded")
			}
			if n := in.Count(fault.Wait) - before; n > 10 {
				t.Errorf("%d turns until a write to nobody failed", n)
			}
		})
	}
}

func TestS11NothingIsSeenOfShortCountsAndInterrupts(t *testing.T) {
	for _, p := range []fault.Plan{
		{Call: fault.Recvmsg, Short: fault.OneByte, Persistent: true},
		{Call: fault.Recvmsg, Short: fault.Half, Persistent: true},
		{Call: fault.Recvmsg, Errno: unix.EINTR, Persistent: true},
		{Call: fault.Sendmsg, Short: fault.OneByte, Persistent: true},
		{Call: fault.Sendmsg, Short: fault.Half, Persistent: true},
		{Call: fault.Sendmsg, Errno: unix.EINTR, Persistent: true},
		{Call: fault.Wait, Errno: unix.EINTR, Persistent: true},
	} {
		t.Run(p.String(), func(t *testing.T) {
			ev, in := injected(t)
			a, b := tcpPair(t, ev)
			closing(t, a, b)
			f := in.Inject(p)
			text := make([]byte, 3000)
			for i := range text {
				text[i] = byte(i * 7)
			}
			w := a.Writev(text[:1], text[1:1000], text[1000:])
			got := make([]byte, len(text))
			done(t, ev, b.Readv(got[:10], got[10:]))
			if !bytes.Equal(got, text) {
				t.Fatal("the bytes differ")
			}
			if n := done(t, ev, w); n != len(text) {
				t.Fatalf("%d bytes were written", n)
			}
			s := a.Send(text)
			b.Consume(copy(got, done(t, ev, b.Peek(len(text)))))
			if !bytes.Equal(got, text) {
				t.Fatal("the bytes differ")
			}
			done(t, ev, s)
			if f.Fired() == 0 {
				t.Fatal("the fault never fired")
			}
		})
	}
}
