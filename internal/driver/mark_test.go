package driver

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// marked is a socket at urgent data: its first receives say EAGAIN, the next has
// a byte.
type marked struct {
	sys.Kernel
	refuse int
}

func (m *marked) Recvmsg(int, *sys.Msg) (int, sys.Errno) {
	if m.refuse > 0 {
		m.refuse--
		return 0, syscall.EAGAIN
	}
	return 1, 0
}

// once is a Poller that tells of what is there only once.
type once struct {
	token uint64
	told  bool
}

func (p *once) Add(_ int, token uint64, _ sys.Mode) sys.Errno { p.token = token; return 0 }
func (p *once) Want(int, uint64, sys.Ready) sys.Errno         { return 0 }
func (p *once) Keeps() bool                                   { return false }
func (p *once) Del(int, uint64) sys.Errno                     { return 0 }
func (p *once) Wake()                                         {}
func (p *once) Close()                                        {}

func (p *once) Wait(events []sys.Event, _ int64) (int, sys.Errno) {
	if p.told {
		return 0, 0
	}
	p.told = true
	events[0] = sys.Event{Token: p.token, Ready: sys.In | sys.Urgent}
	return 1, 0
}

// receiver counts what its IO brings.
type receiver struct{ got int }

func (r *receiver) Prepare(io *IO)  { io.Msg.Bufs = [][]byte{make([]byte, 1)} }
func (r *receiver) Finished(io *IO) { r.got += io.N }

// A signal that waits while a receive stands at urgent data does not hide the
// bytes behind it for ever.
func TestUrgentDataWithASignalPendingLoseNothing(t *testing.T) {
	l := New(&marked{refuse: 2}, &once{})
	var s Sock
	if errno := s.Init(l, 3); errno != 0 {
		t.Fatal(errno)
	}
	r := &receiver{}
	io := IO{Owner: r}
	l.Wait(0)
	for l.Dispatch() { // the report, with nobody reading
	}
	if s.Recv(&io) {
		r.Finished(&io)
	}
	for range 4 {
		l.Wait(0)
		for l.Dispatch() {
		}
	}
	if r.got != 1 {
		t.Errorf("%d bytes came", r.got)
	}
}
