//go:build linux

package tsocket_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tsocket"
)

// What a Write that timed out says it took is what the peer gets, and the next
// Write goes on behind it.
func TestNetConnWriteThatTimedOutTellsTheTruth(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		n := p.fill(t, p.a)
		wait := later(func() {
			_, err := p.a.Write([]byte("behind"))
			if err != nil {
				t.Error(err)
			}
			_ = p.a.Close()
		})
		b, err := io.ReadAll(p.b)
		must(t, err)
		wait()
		if len(b) != n+6 || !bytes.HasSuffix(b, []byte("behind")) {
			t.Fatalf("%d bytes came, want %d", len(b), n+6)
		}
	})
}

func TestNetConnPastDeadlineFailsAtOnceAndALaterOneRecovers(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		_, err := p.b.Write([]byte("there"))
		must(t, err)
		one := make([]byte, 1)
		_, err = p.a.Read(one) // the rest is with the bridge now
		must(t, err)
		for _, set := range []func(time.Time) error{p.a.SetDeadline, func(at time.Time) error {
			return errors.Join(p.a.SetReadDeadline(at), p.a.SetWriteDeadline(at))
		}} {
			must(t, set(past))
			n, err := p.a.Read(one)
			timeout(t, err, "read")
			k, err := p.a.Write(one)
			timeout(t, err, "write")
			if n != 0 || k != 0 {
				t.Fatal(n, k)
			}
			for _, again := range []time.Time{{}, future()} {
				must(t, set(again))
				_, err = p.a.Read(one)
				must(t, err)
				_, err = p.a.Write(one)
				must(t, err)
			}
		}
	})
}

func TestNetConnDeadlineWakesWhoWaits(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		p.fill(t, p.a)
		must(t, p.a.SetDeadline(future()))
		var g sync.WaitGroup
		g.Go(func() {
			_, err := p.a.Read(make([]byte, 1))
			timeout(t, err, "read")
		})
		g.Go(func() {
			_, err := p.a.Write(make([]byte, 1))
			timeout(t, err, "write")
		})
		must(t, p.a.SetDeadline(time.Now().Add(10*time.Millisecond)))
		g.Wait()
	})
}

// R16: when a call has returned, the memory is the caller's, and no byte is lost.
func TestNetConnLeavesTheMemoryOfACallThatReturned(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		b := []byte("mine")
		must(t, p.a.SetReadDeadline(time.Now().Add(time.Millisecond)))
		_, err := p.a.Read(b)
		timeout(t, err, "read")
		_, err = p.b.Write([]byte("text"))
		must(t, err)
		must(t, p.a.SetReadDeadline(time.Time{}))
		c := make([]byte, 4)
		_, err = io.ReadFull(p.a, c)
		must(t, err)
		if string(b) != "mine" || string(c) != "text" {
			t.Fatalf("%q, %q", b, c)
		}
		n := p.fill(t, p.a)
		w := []byte("kept")
		must(t, p.a.SetWriteDeadline(time.Now().Add(time.Millisecond)))
		k, err := p.a.Write(w)
		timeout(t, err, "write")
		copy(w, "torn")
		must(t, p.a.SetWriteDeadline(time.Time{}))
		wait := later(func() {
			_ = p.a.(interface{ CloseWrite() error }).CloseWrite()
		})
		all, err := io.ReadAll(p.b)
		must(t, err)
		wait()
		if string(all[n:]) != "kept"[:k] {
			t.Fatalf("%q came, %d bytes were taken", all[n:], k)
		}
	})
}

func TestNetConnReadsAndWritesHaveTheirTurns(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		const writers, each, size = 4, 25, 3000
		var writing, reading sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				for range each {
					if _, err := p.a.Write(bytes.Repeat([]byte{byte('a' + w)}, size)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		var mu sync.Mutex
		counts := map[byte]int{}
		for range 3 {
			reading.Go(func() {
				b := make([]byte, 1000)
				for {
					n, err := p.b.Read(b)
					mu.Lock()
					for _, x := range b[:n] {
						counts[x]++
					}
					mu.Unlock()
					if err != nil {
						return
					}
				}
			})
		}
		writing.Wait()
		must(t, p.a.Close())
		reading.Wait()
		for w := range writers {
			if n := counts[byte('a'+w)]; n != each*size {
				t.Errorf("writer %d: %d bytes", w, n)
			}
		}
	})
}

func TestNetConnWritesAreWhole(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		const size = 200_000
		var g sync.WaitGroup
		for w := range 3 {
			g.Go(func() {
				if n, err := p.a.Write(bytes.Repeat([]byte{byte('a' + w)}, size)); n != size || err != nil {
					t.Error(n, err)
				}
			})
		}
		all := make([]byte, 3*size)
		_, err := io.ReadFull(p.b, all)
		must(t, err)
		g.Wait()
		for i := 0; i < len(all); i += size {
			if strings.Trim(string(all[i:i+size]), string(all[i])) != "" {
				t.Fatalf("the Write at %d is torn", i)
			}
		}
	})
}

// An idle connection holds no buffer, and one that is closed has none left.
func TestNetConnHoldsNoBufferWhileItWaits(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		_, err := p.b.Write([]byte("some bytes"))
		must(t, err)
		_, err = io.ReadFull(p.a, make([]byte, 10))
		must(t, err)
		must(t, p.a.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
		_, err = p.a.Read(make([]byte, 1))
		timeout(t, err, "read")
		taken := make(chan int)
		p.ev.Post(func() { taken <- p.ev.Driver().Buffers.Taken() })
		if n := <-taken; n != 0 {
			t.Errorf("%d bytes", n)
		}
	})
}

// One that is closed while it sends gives back the copy of what it was sending.
func TestNetConnThatIsClosedHoldsNoBuffer(t *testing.T) {
	overBridges(t, func(t *testing.T, p *netPair) {
		p.fill(t, p.a)
		p.ev.Post(func() { p.ev.Close() })
		p.netLoop.end()
		if n := p.ev.Driver().Buffers.Taken(); n != 0 {
			t.Errorf("%d bytes", n)
		}
	})
}

func TestNetConnAddressesAreThoseOfNet(t *testing.T) {
	for name, same := range map[string]func(a net.Addr) bool{
		"tcp":  func(a net.Addr) bool { x, ok := a.(*net.TCPAddr); return ok && x.IP.IsLoopback() && x.Port != 0 },
		"unix": func(a net.Addr) bool { _, ok := a.(*net.UnixAddr); return ok && a.Network() == "unix" },
		"pipe": func(a net.Addr) bool { _, ok := a.(tsocket.Address); return ok },
	} {
		for _, tr := range bridged {
			if tr.name != name {
				continue
			}
			p := newNetPair(t, tr.pair)
			for _, a := range []net.Addr{p.a.LocalAddr(), p.a.RemoteAddr(), p.b.LocalAddr(), p.b.RemoteAddr()} {
				if !same(a) {
					t.Errorf("%s: %T %v", name, a, a)
				}
			}
		}
	}
}
