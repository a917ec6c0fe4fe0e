//go:build linux

package linux

import (
	"runtime"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// look is the deadline of a Wait that only looks.
const look int64 = 0

func must(t testing.TB, e sys.Errno) {
	t.Helper()
	if e != 0 {
		t.Fatal(e)
	}
}

func wantErrno(t testing.TB, got, want sys.Errno) {
	t.Helper()
	if got != want {
		t.Fatalf("errno %d (%v), want %d (%v)", got, got, want, want)
	}
}

func newPoller(t testing.TB) (*Kernel, *Poller) {
	t.Helper()
	k := NewKernel()
	p, err := NewPoller(k)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return k, p
}

// pair returns a socket pair; hangUp closes an end before the test is over.
func pair(t testing.TB, k *Kernel) *[2]int {
	t.Helper()
	fds, e := k.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, e)
	return closing(t, k, fds)
}

func closing(t testing.TB, k *Kernel, fds [2]int) *[2]int {
	t.Cleanup(func() {
		k.Close(fds[0])
		k.Close(fds[1])
	})
	return &fds
}

func hangUp(t testing.TB, k *Kernel, fd *int) {
	t.Helper()
	must(t, k.Close(*fd))
	*fd = -1
}

func send(t testing.TB, k *Kernel, fd int, s string) {
	t.Helper()
	n, e := k.Sendmsg(fd, &sys.Msg{Bufs: [][]byte{[]byte(s)}})
	must(t, e)
	if n != len(s) {
		t.Fatalf("sent %d of %d", n, len(s))
	}
}

// fill sends until the socket takes no more, and returns how much it took.
func fill(t testing.TB, k *Kernel, fd int) (sum int) {
	t.Helper()
	m := &sys.Msg{Bufs: [][]byte{make([]byte, 32<<10)}}
	for {
		n, e := k.Sendmsg(fd, m)
		if e == unix.EAGAIN {
			return sum
		}
		must(t, e)
		sum += n
	}
}

// drain receives until there is nothing left.
func drain(t testing.TB, k *Kernel, fd int) (sum int) {
	t.Helper()
	m := &sys.Msg{Bufs: [][]byte{make([]byte, 32<<10)}}
	for {
		n, e := k.Recvmsg(fd, m)
		if e == unix.EAGAIN {
			return sum
		}
		must(t, e)
		sum += n
	}
}

// expect waits once and checks that just these events come.
func expect(t testing.TB, p *Poller, deadline int64, want ...sys.Event) {
	t.Helper()
	events := make([]sys.Event, 16)
	n, e := p.Wait(events, deadline)
	must(t, e)
	if n != len(want) {
		t.Fatalf("events %v, want %v", events[:n], want)
	}
	for i, w := range want {
		if events[i] != w {
			t.Fatalf("events %v, want %v", events[:n], want)
		}
	}
}

// whenAsleep calls f on a goroutine as soon as the loop of p is asleep; the
// test ends after f.
func whenAsleep(t testing.TB, p *Poller, f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for p.state.Load() != asleep {
			runtime.Gosched()
		}
		f()
	}()
	t.Cleanup(func() { <-done })
}
