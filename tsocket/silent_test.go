//go:build linux

package tsocket_test

import (
	"syscall"
	"testing"
	"time"

	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
)

// S9: a peer that neither reads nor goes away ends a blocked write by
// TCP_USER_TIMEOUT.
func TestASilentPeerEndsABlockedWrite(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s, peer := connectedOn(b, "127.0.0.1:0")
		must(b, s.Options().SetSendBuffer(64<<10))
		must(b, peer.Options().SetRecvBuffer(64<<10))
		must(b, s.Options().SetUserTimeout(50*time.Millisecond))
		n := fails(b, b.Ev, s.Writev(make([]byte, 16<<20)), syscall.ETIMEDOUT)
		if n <= 0 || n >= 16<<20 {
			b.Errorf("%d bytes were taken", n)
		}
		fails(b, b.Ev, s.Writev([]byte("x")), syscall.ETIMEDOUT)
	})
}
