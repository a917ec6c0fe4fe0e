//go:build linux

package tsocket_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// noAllocs wants round to allocate nothing once it is warm.
func noAllocs(t *testing.T, round func()) {
	t.Helper()
	for range 100 {
		round()
	}
	if n := testing.AllocsPerRun(1000, round); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}

func TestReadvAllocsNothing(t *testing.T) {
	ev, s, peer := untracked(t)
	msg, buf := make([]byte, 64), make([]byte, 64)
	noAllocs(t, func() {
		unix.Write(peer, msg)
		if n, err := tevent.Wait(ev, s.Readv(buf[:10], buf[10:])); n != 64 || err != nil {
			t.Fatal(n, err)
		}
	})
}

// A read that waits is what an idle connection does all the time.
func TestReadvThatWaitsAllocsNothing(t *testing.T) {
	ev, s, peer := untracked(t)
	msg, buf := make([]byte, 64), make([]byte, 64)
	noAllocs(t, func() {
		r := s.Readv(buf)
		ev.SetWaitTimeout(0)
		if err := ev.LoopOnce(); err != nil || !r.InProgress() {
			t.Fatal("nothing was sent yet", err)
		}
		ev.SetWaitTimeout(-1)
		unix.Write(peer, msg)
		if n, err := tevent.Wait(ev, r); n != 64 || err != nil {
			t.Fatal(n, err)
		}
	})
}

func TestWritevAllocsNothing(t *testing.T) {
	ev, s, peer := untracked(t)
	msg, sink := make([]byte, 64), make([]byte, 64)
	noAllocs(t, func() {
		if n, err := tevent.Wait(ev, s.Writev(msg[:1], msg[1:])); n != 64 || err != nil {
			t.Fatal(n, err)
		}
		unix.Read(peer, sink)
	})
}

func TestSendAllocsNothing(t *testing.T) {
	ev, s, peer := untracked(t)
	msg, sink := make([]byte, 64), make([]byte, 4096)
	noAllocs(t, func() {
		for range 20 {
			s.Send(msg[:4], msg[4:]).Ignore()
		}
		if n, err := tevent.Wait(ev, s.Send(msg)); n != 64 || err != nil {
			t.Fatal(n, err)
		}
		unix.Read(peer, sink)
	})
}

func TestEchoAllocsNothing(t *testing.T) {
	ev, s, peer := untracked(t)
	e := &echoOp{s: s}
	e.Start(ev, "echo")
	e.read()
	msg, sink := make([]byte, 64), make([]byte, 64)
	noAllocs(t, func() {
		unix.Write(peer, msg)
		for range 3 {
			ev.SetWaitTimeout(0)
			if err := ev.LoopOnce(); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := unix.Read(peer, sink); n != 64 || err != nil {
			t.Fatal(n, err)
		}
	})
	e.Req().Drop()
}

func TestEchoOverPipeAllocsNothing(t *testing.T) {
	ev := teventtest.Open(t)
	defer ev.Close()
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{})
	defer a.Close()
	defer b.Close()
	e := &echoOp{s: b}
	e.Start(ev, "echo")
	e.read()
	msg, got := make([]byte, 64), make([]byte, 64)
	noAllocs(t, func() {
		r := a.Readv(got)
		a.Writev(msg).Ignore()
		if n, err := tevent.Wait(ev, r); n != 64 || err != nil {
			t.Fatal(n, err)
		}
	})
	e.Req().Drop()
}
