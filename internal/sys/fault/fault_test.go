//go:build linux

package fault

import (
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/linux"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is an Injector around the real system with a socket pair: fd is the
// end under test and peer the other, which is out of reach of any fault.
type world struct {
	*testing.T
	in       *Injector
	k, real  sys.Kernel
	p        sys.Poller
	fd, peer int
	events   [8]sys.Event
}

func newWorld(t *testing.T, typ int) *world {
	real := linux.NewKernel()
	p, err := linux.NewPoller(real)
	if err != nil {
		t.Fatal(err)
	}
	in := New(real, p)
	w := &world{T: t, in: in, k: in.Kernel(), real: real, p: in.Poller()}
	fds, e := real.Socketpair(unix.AF_UNIX, typ, 0)
	w.errno(e, 0)
	w.fd, w.peer = fds[0], fds[1]
	t.Cleanup(func() {
		w.p.Close()
		real.Close(w.fd)
		real.Close(w.peer)
	})
	return w
}

func (w *world) errno(got, want sys.Errno) {
	w.Helper()
	if got != want {
		w.Fatalf("errno %s, want %s", ErrnoName(got), ErrnoName(want))
	}
}

func (w *world) fired(f *Fault, want int) {
	w.Helper()
	if f.Fired() != want {
		w.Fatalf("%v fired %d times, want %d", f, f.Fired(), want)
	}
}

func (w *world) arrive(s string) {
	w.Helper()
	_, e := w.real.Sendmsg(w.peer, &sys.Msg{Bufs: [][]byte{[]byte(s)}})
	w.errno(e, 0)
}

func (w *world) recv(want string, errno sys.Errno) {
	w.Helper()
	b := make([]byte, 64)
	n, e := w.k.Recvmsg(w.fd, &sys.Msg{Bufs: [][]byte{b[:3], nil, b[3:6]}})
	w.errno(e, errno)
	if string(b[:n]) != want {
		w.Fatalf("received %q, want %q", b[:n], want)
	}
}

func (w *world) send(s string, count int, errno sys.Errno) {
	w.Helper()
	n, e := w.k.Sendmsg(w.fd, &sys.Msg{Bufs: [][]byte{[]byte(s)}})
	w.errno(e, errno)
	if n != count {
		w.Fatalf("sent %d, want %d", n, count)
	}
}

// wait waits for ever, so it hangs where it must not sleep.
func (w *world) wait(want ...sys.Event) {
	w.Helper()
	w.compare(sys.Never, want)
}

// look checks what there is without sleep.
func (w *world) look(want ...sys.Event) {
	w.Helper()
	w.compare(0, want)
}

func (w *world) compare(deadline int64, want []sys.Event) {
	w.Helper()
	n, e := w.p.Wait(w.events[:], deadline)
	w.errno(e, 0)
	if n != len(want) {
		w.Fatalf("events %v, want %v", w.events[:n], want)
	}
	for i, ev := range want {
		if w.events[i] != ev {
			w.Fatalf("events %v, want %v", w.events[:n], want)
		}
	}
}

var (
	in  = sys.Event{Token: 7, Ready: sys.In}
	out = sys.Event{Token: 7, Ready: sys.Out}
)
