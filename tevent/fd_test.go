//go:build linux

package tevent_test

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/tevent"
)

// pair is two connected unix sockets that end with the test.
type pair struct {
	t    *testing.T
	a, b int
}

func newPair(t *testing.T) *pair {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{t, fds[0], fds[1]}
	t.Cleanup(func() { _ = unix.Close(p.a); p.hangUp() })
	return p
}

func (p *pair) hangUp() {
	if p.b >= 0 {
		_ = unix.Close(p.b)
		p.b = -1
	}
}

// send makes a readable.
func (p *pair) send() {
	p.t.Helper()
	if _, err := unix.Write(p.b, []byte("x")); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) take() {
	p.t.Helper()
	if n, err := unix.Read(p.a, make([]byte, 100)); n < 1 || err != nil {
		p.t.Fatal(n, err)
	}
}

// told collects what the handlers of one test are told.
type told []tevent.Flags

func (s *told) handler() func(tevent.Flags) { return func(f tevent.Flags) { *s = append(*s, f) } }

func (s *told) want(t testing.TB, want ...tevent.Flags) {
	t.Helper()
	if len(*s) != len(want) {
		t.Fatalf("told %v, want %v", *s, want)
	}
	for i := range want {
		if (*s)[i] != want[i] {
			t.Fatalf("told %v, want %v", *s, want)
		}
	}
	*s = nil
}

const (
	r = tevent.FDRead
	w = tevent.FDWrite
	e = tevent.FDError
)

func TestFDLastsAsLongAsTheCondition(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	var s told
	watchFD(t, ev, p.a, r, s.handler())
	turn(t, ev)
	s.want(t)
	p.send()
	for range 3 { // nobody reads
		turn(t, ev)
		s.want(t, r)
	}
	p.take()
	turn(t, ev)
	s.want(t)
}

func TestFDTellsReadAndWriteInOneCall(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	var s told
	fd := watchFD(t, ev, p.a, r|w, s.handler())
	turn(t, ev)
	s.want(t, w)
	p.send()
	turn(t, ev)
	s.want(t, r|w)
	if err := fd.SetFlags(w); err != nil || fd.Flags() != w {
		t.Fatal(err)
	}
	turn(t, ev)
	s.want(t, w)
	if err := fd.SetFlags(0); err != nil {
		t.Fatal(err)
	}
	turn(t, ev)
	s.want(t)
}

// Observed in the original for READ and ERROR; a WRITE-only handler it forgets.
func TestFDTellsOfAHangUp(t *testing.T) {
	for _, c := range []struct{ asked, told tevent.Flags }{
		{r, r}, {w, w}, {e, e}, {r | w, r | w}, {w | e, w | e}, {r | w | e, r | w | e},
	} {
		ev, p := newContext(t), newPair(t)
		var s told
		fd := watchFD(t, ev, p.a, c.asked&^w, s.handler())
		turn(t, ev)
		s.want(t)
		p.hangUp()
		if err := fd.SetFlags(c.asked); err != nil {
			t.Fatal(err)
		}
		turn(t, ev)
		s.want(t, c.told)
		fd.Close()
	}
}

// A full pipe without a reader can not be written; that is for the writer to see.
func TestFDWriterIsToldThatNobodyReads(t *testing.T) {
	ev := newContext(t)
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fds[1])
	for n := 1; n > 0; {
		n, _ = unix.Write(fds[1], make([]byte, 4096))
	}
	var s told
	fd := watchFD(t, ev, fds[1], w, s.handler())
	turn(t, ev)
	s.want(t)
	_ = unix.Close(fds[0])
	turn(t, ev)
	s.want(t, w)
	fd.Close()
}

func TestFDErrorIsToldOfAPeersShutdownOnly(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	var s told
	watchFD(t, ev, p.a, e, s.handler())
	p.send()
	turn(t, ev)
	s.want(t)
	if err := unix.Shutdown(p.b, unix.SHUT_WR); err != nil {
		t.Fatal(err)
	}
	turn(t, ev)
	s.want(t, e)
}

func TestFDHandlersOfOneDescriptorAreServedInTurn(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	var s steps
	add := func(what string) func(tevent.Flags) { return func(tevent.Flags) { s.add(what) } }
	watchFD(t, ev, p.a, r, add("r"))
	watchFD(t, ev, p.a, w, add("w"))
	watchFD(t, ev, p.a, r|w, add("rw"))
	watchFD(t, ev, p.a, 0, add("none"))
	p.send()
	for range 6 {
		turn(t, ev)
	}
	s.want(t, "r", "w", "rw", "r", "w", "rw")
}

func TestTwoUndrainedDescriptorsAlternate(t *testing.T) {
	ev := newContext(t)
	counts := [2]int{}
	for i := range counts {
		p := newPair(t)
		watchFD(t, ev, p.a, r, func(tevent.Flags) { counts[i]++ })
		p.send()
	}
	for n := 1; n <= 5; n++ {
		turn(t, ev)
		if counts != [2]int{n, n} {
			t.Fatal(counts)
		}
	}
}

func TestDescriptorBelongsToAStreamOrToFDEvents(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	sock, errno := ev.Driver().Open(p.a)
	if errno != 0 {
		t.Fatal(errno)
	}
	if _, err := tevent.NewFD(ev, p.a, r, nil); !errors.Is(err, syscall.EEXIST) {
		t.Fatal(err)
	}
	sock.Release()
	fd := watchFD(t, ev, p.a, r, func(tevent.Flags) {})
	if _, errno := ev.Driver().Open(p.a); errno != syscall.EEXIST {
		t.Fatal(errno)
	}
	fd.Close()
	var again *driver.Sock
	if again, errno = ev.Driver().Open(p.a); errno != 0 {
		t.Fatal(errno)
	}
	again.Release()
}

func TestFDOfNoDescriptorIsRefused(t *testing.T) {
	ev := newContext(t)
	if _, err := tevent.NewFD(ev, -1, r, nil); !errors.Is(err, syscall.EBADF) {
		t.Fatal(err)
	}
	if _, err := tevent.NewFD(ev, 1<<20, r, nil); !errors.Is(err, syscall.EBADF) {
		t.Fatal(err)
	}
}

func TestClosedFDIsInert(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	var s told
	fd := watchFD(t, ev, p.a, r, s.handler())
	p.send()
	if err := fd.Close(); err != nil {
		t.Fatal(err)
	}
	if err := fd.Close(); err != nil {
		t.Fatal(err)
	}
	if err := fd.SetFlags(r); !errors.Is(err, os.ErrClosed) {
		t.Fatal(err)
	}
	turn(t, ev)
	s.want(t)
	if err := ev.LoopWait(); err != nil { // nothing is left
		t.Fatal(err)
	}
}

func TestFDOutlivesItsContextHarmlessly(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	a := watchFD(t, ev, p.a, r, func(tevent.Flags) { t.Error("called") })
	b := watchFD(t, ev, p.a, w, func(tevent.Flags) { t.Error("called") })
	closeNow(t, ev)
	for _, fd := range []*tevent.FD{a, b} {
		if err := fd.Close(); err != nil {
			t.Error(err)
		}
	}
}
