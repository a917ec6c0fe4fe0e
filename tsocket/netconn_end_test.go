//go:build linux

package tsocket_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestNetConnEndsWithABareEOF(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		_, err := p.a.Write([]byte("last"))
		must(t, err)
		must(t, p.a.Close())
		b, err := io.ReadAll(p.b)
		if string(b) != "last" || err != nil {
			t.Fatalf("%q, %v", b, err)
		}
		for range 2 {
			if n, err := p.b.Read(make([]byte, 1)); n != 0 || err != io.EOF {
				t.Fatal(n, err)
			}
		}
	})
}

func TestNetConnHalfClose(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		half := p.a.(interface{ CloseWrite() error })
		_, err := p.a.Write([]byte("question"))
		must(t, err)
		must(t, half.CloseWrite())
		must(t, half.CloseWrite())
		if b, err := io.ReadAll(p.b); string(b) != "question" || err != nil {
			t.Fatalf("%q, %v", b, err)
		}
		_, err = p.a.Write([]byte("more"))
		opError(t, err, "write", syscall.EPIPE)
		_, err = p.b.Write([]byte("answer"))
		must(t, err)
		must(t, p.b.Close())
		if b, err := io.ReadAll(p.a); string(b) != "answer" || err != nil {
			t.Fatalf("%q, %v", b, err)
		}
		must(t, p.a.Close())
		opError(t, half.CloseWrite(), "close", net.ErrClosed)
	})
}

func TestNetConnCloseReadEndsReadsOnly(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		wait := later(func() {
			if _, err := p.a.Read(make([]byte, 1)); err != io.EOF {
				t.Error(err)
			}
		})
		must(t, p.a.(interface{ CloseRead() error }).CloseRead())
		wait()
		_, err := p.a.Write([]byte("still"))
		must(t, err)
		must(t, p.a.Close())
		if b, err := io.ReadAll(p.b); string(b) != "still" || err != nil {
			t.Fatalf("%q, %v", b, err)
		}
		opError(t, p.a.(interface{ CloseRead() error }).CloseRead(), "close", net.ErrClosed)
		_, err = p.a.Read(make([]byte, 1))
		opError(t, err, "read", net.ErrClosed)
	})
}

func TestNetConnCloseWakesEverybody(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		p.fill(t, p.a)
		var g sync.WaitGroup
		for range 3 {
			g.Go(func() {
				_, err := p.a.Read(make([]byte, 1))
				opError(t, err, "read", net.ErrClosed)
			})
			g.Go(func() {
				_, err := p.a.Write(make([]byte, 1))
				opError(t, err, "write", net.ErrClosed)
			})
		}
		must(t, p.a.Close())
		g.Wait()
		opError(t, p.a.Close(), "close", net.ErrClosed)
		opError(t, p.a.SetDeadline(past), "set", net.ErrClosed)
		opError(t, p.a.SetReadDeadline(past), "set", net.ErrClosed)
		opError(t, p.a.SetWriteDeadline(past), "set", net.ErrClosed)
	})
}

func TestNetConnOfAClosedContextIsClosed(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		closed := []error{net.ErrClosed, tevent.ErrClosed}
		wait := later(func() {
			_, err := p.a.Read(make([]byte, 1))
			opError(t, err, "read", closed...)
		})
		p.ev.Post(func() { p.ev.Close() })
		wait()
		_, err := p.a.Write([]byte("x"))
		opError(t, err, "write", closed...)
		_, err = p.b.Read(make([]byte, 1))
		opError(t, err, "read", closed...)
	})
}

// A stream that is closed on the loop, although it is the bridge's, closes the bridge.
func TestNetConnOfAClosedStreamIsClosed(t *testing.T) {
	for _, tr := range bridged {
		t.Run(tr.name, func(t *testing.T) {
			ev := teventtest.New(t)
			x, y := tr.pair(t, ev)
			closing(t, x, y)
			c := tsocket.NetConn(x)
			runLoop(t, ev)
			wait := later(func() {
				_, err := c.Read(make([]byte, 1))
				opError(t, err, "read", net.ErrClosed)
			})
			ev.Post(func() { x.Close(); y.Close() })
			wait()
			_, err := c.Write([]byte("x"))
			opError(t, err, "write", net.ErrClosed)
			opError(t, c.Close(), "close", net.ErrClosed)
		})
	}
}

// A loop that nobody runs holds nobody: neither one with a deadline, nor one that
// is closed, nor, after a while, one that just waits.
func TestNetConnOfALoopThatNobodyRunsHoldsNobody(t *testing.T) {
	t.Parallel() // it waits
	overBridges(t, func(t *testing.T, p *netPair) {
		_, err := p.b.Write([]byte("x"))
		must(t, err)
		_, err = p.a.Read(make([]byte, 1))
		must(t, err)
		p.halt()
		must(t, p.a.SetDeadline(time.Now().Add(time.Millisecond)))
		_, err = p.a.Read(make([]byte, 1))
		timeout(t, err, "read")
		_, err = p.a.Write(make([]byte, 1))
		timeout(t, err, "write")
		must(t, p.a.SetDeadline(time.Time{}))
		var g sync.WaitGroup
		for _, call := range []func([]byte) (int, error){p.a.Read, p.a.Write} {
			g.Go(func() {
				if _, err := call(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "nobody runs") {
					t.Error(err)
				}
			})
		}
		g.Wait()
		wait := later(func() {
			_, err := p.b.Read(make([]byte, 1))
			opError(t, err, "read", net.ErrClosed)
		})
		must(t, p.b.Close())
		wait()
	})
}

// The first call on the loop itself panics at once, a later one when it has waited.
func TestNetConnOnTheLoopPanics(t *testing.T) {
	t.Parallel() // it waits
	overBridges(t, func(t *testing.T, p *netPair) {
		told := make(chan any)
		on := func(f func()) any {
			p.ev.Post(func() {
				defer func() { told <- recover() }()
				f()
			})
			return <-told
		}
		read := func() { _, _ = p.a.Read(make([]byte, 1)) }
		want := func(v any) {
			if text, _ := v.(string); !strings.Contains(text, "Read inside a turn") {
				t.Error(v)
			}
		}
		want(on(read))
		_, err := p.b.Write([]byte("x"))
		must(t, err)
		read()
		want(on(read))
		if v := on(func() { _ = p.a.Close() }); v != nil {
			t.Error(v)
		}
	})
}
