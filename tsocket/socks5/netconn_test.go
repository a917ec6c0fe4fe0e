//go:build linux

package socks5_test

import (
	"context"
	"net"
	"testing"

	"golang.org/x/net/nettest"

	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Go's own test of connections, of both ends of one that goes through a proxy.
func TestNetConnThroughAProxyIsOneAsNetHasIt(t *testing.T) {
	nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
		ev := teventtest.New(t)
		x, y := through(t, ev, "127.0.0.1:0", "target")
		for _, s := range []*tsocket.Stream{x, y} { // a full way through two sockets stays full
			_ = s.Options().SetSendBuffer(64 << 10)
			_ = s.Options().SetRecvBuffer(64 << 10)
		}
		a, b := tsocket.NetConn(x), tsocket.NetConn(y)
		ctx, stop := context.WithCancel(context.Background())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			_ = ev.Serve(ctx)
		}()
		return a, b, func() {
			_ = a.Close()
			_ = b.Close()
			stop()
			<-stopped
			if err := ev.LoopWait(); err != nil {
				t.Error(err)
			}
		}, nil
	})
}
