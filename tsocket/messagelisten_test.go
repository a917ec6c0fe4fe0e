//go:build linux

package tsocket_test

import (
	"net"
	"syscall"
	"testing"

	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestMessagesAreAcceptedWithoutWaiting(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "unix:"} {
		t.Run(addr, func(t *testing.T) {
			bt.Each(t, func(b *bt.Backend) {
				at := addr
				if at == "unix:" {
					at += b.TempDir() + "/s"
				}
				l, err := tsocket.ListenMessages(b.Ev, address(b, at))
				must(b, err)
				_, err = l.TryAccept()
				is(b, err, syscall.EAGAIN)
				var m *tsocket.Messages
				l.SetReadableHandler(func() {
					if m, err = l.TryAccept(); err == nil {
						l.SetReadableHandler(nil)
					}
				})
				c := done(b, b.Ev, tsocket.ConnectMessages(b.Ev, l.Addr()))
				defer c.Close()
				until(b, "a connection", func() bool { return m != nil })
				defer m.Close()
				done(b, b.Ev, c.Send([]byte("hello")))
				message(b, b.Ev, m, "hello")
				must(b, l.Close())
			})
		})
	}
}

// A request goes before the calls; a closed listener tells both.
func TestTryAcceptOfMessagesIsBusyBesideAccept(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l, err := tsocket.ListenMessages(b.Ev, address(b, "127.0.0.1:0"))
		must(b, err)
		r := l.Accept()
		_, err = l.TryAccept()
		is(b, err, syscall.EBUSY)
		c := done(b, b.Ev, tsocket.ConnectMessages(b.Ev, l.Addr()))
		defer c.Close()
		defer done(b, b.Ev, r).Close()
		must(b, l.Close())
		_, err = l.TryAccept()
		is(b, err, net.ErrClosed)
	})
}

// Neither a connection nor the loop has a use for it any more.
func TestTheHandlerOfAMessageListenerEndsWithIt(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l, err := tsocket.ListenMessages(b.Ev, address(b, "127.0.0.1:0"))
		must(b, err)
		l.SetReadableHandler(func() { b.Error("called") })
		must(b, l.Close())
		l.SetReadableHandler(func() { b.Error("called after Close") })
		b.Wait()
	})
}
