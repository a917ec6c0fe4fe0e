//go:build linux

package tsocket_test

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// gated is a pair whose b has a gate.
func gated(t *testing.T) (*tevent.Context, *tsocket.Stream, *tsocket.Stream, *tsocket.Gate) {
	t.Helper()
	ev := teventtest.New(t)
	a, b := socketpair(t, ev)
	closing(t, a, b)
	g, err := b.Gate()
	must(t, err)
	return ev, a, b, g
}

func TestAGateKeepsTheUserWaiting(t *testing.T) {
	ev, a, b, g := gated(t)
	write(t, ev, a, "hello|user")
	got := make([]byte, 4)
	r := b.Readv(got)
	fails(t, ev, b.Readv(make([]byte, 1)), syscall.EBUSY)
	if lent := done(t, ev, g.Peek(6)); string(lent) != "hello|user" {
		t.Fatalf("lent %q", lent)
	}
	turns(t, ev, 2)
	if !r.InProgress() || b.Buffered() != nil {
		t.Fatal("the user came through the gate")
	}
	g.Consume(6)
	g.Open()
	g.Open()
	if n := done(t, ev, r); n != 4 || string(got) != "user" {
		t.Fatalf("the user read %d bytes, %q", n, got)
	}
	fails(t, ev, g.Peek(1), net.ErrClosed)
	write(t, ev, a, "on")
	read(t, ev, b, "on")
}

func TestAGateIsOne(t *testing.T) {
	ev, _, b, g := gated(t)
	if _, err := b.Gate(); !errors.Is(err, syscall.EBUSY) {
		t.Fatalf("a second gate: %v", err)
	}
	if err := b.SetEventContext(nil); !errors.Is(err, syscall.EBUSY) {
		t.Fatalf("a gated stream moves: %v", err)
	}
	g.Open()
	r := b.Peek(1)
	if _, err := b.Gate(); !errors.Is(err, syscall.EBUSY) {
		t.Fatalf("a gate beside a read: %v", err)
	}
	r.Drop()
	turns(t, ev, 1)
}

func TestAUsersReadBehindAGateCanBeCancelled(t *testing.T) {
	ev, a, b, g := gated(t)
	write(t, ev, a, "abc")
	r := b.Peek(1)
	hold := g.Peek(4)
	r.Cancel()
	fails(t, ev, r, context.Canceled)
	if !hold.InProgress() {
		t.Fatal("the holder's Peek ended with the user's")
	}
	write(t, ev, a, "d")
	if lent := done(t, ev, hold); string(lent) != "abcd" {
		t.Fatalf("lent %q", lent)
	}
	g.Open()
	read(t, ev, b, "abcd")
}

func TestAGateThatFailsIsFoundByTheUser(t *testing.T) {
	bad := errors.New("bad handshake")
	ev, a, b, g := gated(t)
	write(t, ev, a, "abc")
	r := b.Readv(make([]byte, 1))
	h := g.Peek(5)
	turns(t, ev, 1)
	g.Fail(bad)
	fails(t, ev, r, bad)
	fails(t, ev, h, bad)
	fails(t, ev, b.Writev([]byte("x")), bad)
	fails(t, ev, b.Peek(1), bad)
	g.Fail(errors.New("too late"))
	fails(t, ev, b.Peek(1), bad)
}

func TestCloseEndsWhatWaitsAtAGate(t *testing.T) {
	ev, _, b, g := gated(t)
	r, h := b.Readv(make([]byte, 1)), g.Peek(1)
	b.Close()
	fails(t, ev, r, net.ErrClosed)
	fails(t, ev, h, net.ErrClosed)
	g.Open()
	fails(t, ev, b.Readv(make([]byte, 1)), net.ErrClosed)
}
