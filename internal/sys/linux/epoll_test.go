//go:build linux

package linux

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// until waits for ready and returns all that was reported on the way.
func until(t testing.TB, p *Poller, ready sys.Ready) (got sys.Ready) {
	t.Helper()
	events := make([]sys.Event, 16)
	for got&ready == 0 {
		n, e := p.Wait(events, sys.Never)
		must(t, e)
		for _, ev := range events[:n] {
			got |= ev.Ready
		}
	}
	return got
}

func TestWriteInterestCostsOneCtl(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	before := p.Ctls()
	for range 3 {
		fill(t, k, s[0])
		must(t, p.Want(s[0], 7, sys.Out))
		drain(t, k, s[1])
		until(t, p, sys.Out)
	}
	if n := p.Ctls() - before; n != 1 {
		t.Fatalf("%d calls of epoll_ctl, want 1", n)
	}
}

func TestDelOfAClosedDescriptorForgetsIt(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	fd := s[0]
	hangUp(t, k, &s[0])
	wantErrno(t, p.Del(fd, 7), unix.EBADF)
	wantErrno(t, p.Del(fd, 7), unix.ENOENT)
}

// Bytes that come to bytes which nobody took are a change too.
func TestEdgeReportsEachArrival(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	expect(t, p, look)
	for range 3 {
		send(t, k, s[1], "x")
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
		expect(t, p, look)
	}
}

func TestAskingAgainForTheSameIsFree(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Level))
	for _, dir := range []sys.Ready{sys.In, sys.Out, sys.In | sys.Out, sys.In} {
		must(t, p.Want(s[0], 7, dir))
		before := p.Ctls()
		must(t, p.Want(s[0], 7, dir))
		if p.Ctls() != before {
			t.Fatal("asking again for the same is not free")
		}
	}
}
