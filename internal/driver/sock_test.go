package driver

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// answers is a kernel whose calls say what the test has laid out, and then
// EAGAIN.
type answers struct {
	sys.Kernel
	recv, send, accept []sys.Errno
}

func next(l *[]sys.Errno) sys.Errno {
	if len(*l) == 0 {
		return syscall.EAGAIN
	}
	e := (*l)[0]
	*l = (*l)[1:]
	return e
}

func (a *answers) Recvmsg(int, *sys.Msg) (int, sys.Errno) { return one(next(&a.recv)) }
func (a *answers) Sendmsg(int, *sys.Msg) (int, sys.Errno) { return one(next(&a.send)) }

func (a *answers) Accept(int) (int, sys.Addr, sys.Errno) {
	n, e := one(next(&a.accept))
	return n, sys.Addr{}, e
}

// one is a call that moves one byte if it succeeds.
func one(e sys.Errno) (int, sys.Errno) {
	if e != 0 {
		return 0, e
	}
	return 1, 0
}

// reports is a Poller that says what the test tells it to, once.
type reports struct {
	once
	events []sys.Event
}

func (p *reports) Wait(events []sys.Event, _ int64) (int, sys.Errno) {
	n := copy(events, p.events)
	p.events = p.events[n:]
	return n, 0
}

func newSock(t *testing.T, k sys.Kernel) (*Sock, *Loop, *reports) {
	t.Helper()
	p := &reports{}
	l := New(k, p)
	s := &Sock{}
	if errno := s.Init(l, 3); errno != 0 {
		t.Fatal(errno)
	}
	return s, l, p
}

// turn waits without sleeping and serves what there is.
func turn(l *Loop) {
	l.Wait(0)
	for l.Dispatch() {
	}
}

func TestAHangUpIsToldToWhoWaitsToWrite(t *testing.T) {
	k := &answers{}
	s, l, p := newSock(t, k)
	w := &receiver{}
	io := IO{Owner: w}
	if s.Send(&io) {
		t.Fatal("finished against EAGAIN")
	}
	k.send = []sys.Errno{syscall.EPIPE}
	p.events = []sys.Event{{Token: p.token, Ready: sys.Hangup}}
	turn(l)
	if io.Errno != syscall.EPIPE {
		t.Errorf("errno %v", io.Errno)
	}
}

func TestASignalInACallIsNotToldToItsOwner(t *testing.T) {
	for name, start := range map[string]func(*Sock, *IO) bool{
		"accept": (*Sock).Accept, "receive": (*Sock).Recv, "send": (*Sock).Send,
	} {
		eintr := []sys.Errno{syscall.EINTR, syscall.EINTR, 0}
		s, _, _ := newSock(t, &answers{recv: eintr, send: eintr, accept: eintr})
		io := IO{Owner: &receiver{}}
		if !start(s, &io) || io.Errno != 0 || io.N != 1 {
			t.Errorf("%s: %d, %v", name, io.N, io.Errno)
		}
	}
}

// A socket whose share of the turn was used up waits in its loop's list; on
// another loop that is none of the first one's business.
func TestASocketThatMovesIsNotServedByItsOldLoop(t *testing.T) {
	k := &answers{recv: make([]sys.Errno, 3)}
	s, old, _ := newSock(t, k)
	r := &receiver{}
	io := IO{Owner: r}
	if !s.Recv(&io) || s.Recv(&io) {
		t.Fatal("not one receive in a turn")
	}
	fd := s.Release()
	l := New(k, &reports{})
	if errno := s.Init(l, fd); errno != 0 {
		t.Fatal(errno)
	}
	if !s.Recv(&io) || s.Recv(&io) {
		t.Fatal("not one receive in a turn of the new loop")
	}
	l.Wait(0) // the next turn, with a share of its own
	turn(old)
	if r.got != 0 || old.Busy() {
		t.Errorf("the old loop brought %d bytes, busy %v", r.got, old.Busy())
	}
}
