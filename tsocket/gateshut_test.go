//go:build linux

package tsocket_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// What a handshake queued keeps neither the user's Writev nor his ShutdownWrite
// out; it goes out before.
func TestShutdownWriteGoesOutBehindAHandshake(t *testing.T) {
	ev := teventtest.New(t)
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, a, b)
	g, err := a.Gate()
	if err != nil {
		t.Fatal(err)
	}
	g.Send([]byte("last")).Ignore()
	if _, err := tevent.Wait(ev, a.ShutdownWrite()); err != nil {
		t.Error(err)
	}
	read(t, ev, b, "last")
	g.Open()
}
