//go:build linux

package linux

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestTokenPassesAll64Bits(t *testing.T) {
	for _, token := range []uint64{0, 1, 1 << 31, 1 << 32, 0xfedcba9876543210, 1<<64 - 1} {
		k, p := newPoller(t)
		s := pair(t, k)
		must(t, p.Add(s[0], token, sys.Edge))
		send(t, k, s[1], "x")
		expect(t, p, sys.Never, sys.Event{Token: token, Ready: sys.In})
	}
}

func TestEdgeReportsEachChangeOnce(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	expect(t, p, look)
	for range 3 {
		send(t, k, s[1], "x") // unread bytes stay: only the change counts
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
		expect(t, p, look)
	}
}

func TestEdgeReportsWhatWasReadyBeforeAdd(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	send(t, k, s[1], "x")
	must(t, p.Add(s[0], 7, sys.Edge))
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
}

func TestEdgeReportsUrgentDataWithoutWant(t *testing.T) {
	k, p := newPoller(t)
	s := tcp(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	if err := unix.Sendto(s[1], []byte("!"), unix.MSG_OOB, nil); err != nil {
		t.Fatal(err)
	}
	got := until(t, p, sys.Urgent)
	if got&sys.Urgent == 0 {
		t.Fatal(got)
	}
}

func TestEdgeReportsTheEndsOfAStream(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	must(t, k.Shutdown(s[1], unix.SHUT_WR))
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In | sys.PeerClose})
	hangUp(t, k, &s[1])
	if got := until(t, p, sys.Hangup); got&sys.Hangup == 0 {
		t.Fatal(got)
	}
}

func TestEdgeReportsAnError(t *testing.T) {
	k, p := newPoller(t)
	s := tcp(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	send(t, k, s[0], "never read, so that close resets")
	for n := 0; n == 0; n, _ = k.Pending(s[1]) {
	}
	hangUp(t, k, &s[1])
	until(t, p, sys.Error)
}

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

func TestEdgeWatchesWritingFromTheFirstWantOn(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	expect(t, p, look)
	must(t, p.Want(s[0], 7, sys.In|sys.Urgent|sys.PeerClose))
	expect(t, p, look)
	must(t, p.Want(s[0], 7, sys.Out))
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.Out})
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

func TestLevelReportsAConditionUntilItIsGone(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Level))
	must(t, p.Want(s[0], 7, sys.In))
	send(t, k, s[1], "x")
	for range 3 {
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
	}
	recv(t, k, s[0])
	expect(t, p, look)
}

func TestLevelWantReplaces(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	send(t, k, s[1], "x")
	must(t, p.Add(s[0], 7, sys.Level))
	for _, dir := range []sys.Ready{sys.In, sys.Out, sys.In | sys.Out, sys.In} {
		must(t, p.Want(s[0], 7, dir))
		before := p.Ctls()
		must(t, p.Want(s[0], 7, dir))
		if p.Ctls() != before {
			t.Fatal("asking again for the same is not free")
		}
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: dir})
	}
	must(t, p.Want(s[0], 7, 0))
	expect(t, p, look)
}

func TestLevelHangupWithoutInterestDoesNotReport(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Level))
	hangUp(t, k, &s[1])
	expect(t, p, look)
	must(t, p.Want(s[0], 7, sys.Hangup))
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.Hangup})
	must(t, p.Want(s[0], 7, 0))
	expect(t, p, look)
	must(t, p.Want(s[0], 7, 0))
}

func TestDelForgets(t *testing.T) {
	for _, mode := range []sys.Mode{sys.Edge, sys.Level} {
		k, p := newPoller(t)
		s := pair(t, k)
		must(t, p.Add(s[0], 7, mode))
		must(t, p.Want(s[0], 7, sys.Out))
		send(t, k, s[1], "x")
		must(t, p.Del(s[0], 7))
		expect(t, p, look)
		wantErrno(t, p.Want(s[0], 7, sys.In), unix.ENOENT)
		wantErrno(t, p.Del(s[0], 7), unix.ENOENT)
		must(t, p.Add(s[0], 8, mode))
		must(t, p.Want(s[0], 8, sys.In))
		expect(t, p, sys.Never, sys.Event{Token: 8, Ready: sys.In})
		must(t, p.Del(s[0], 8))
	}
}

func TestStaleTokenDoesNotTouchTheNewRegistration(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 8, sys.Edge))
	wantErrno(t, p.Del(s[0], 7), unix.ENOENT)
	wantErrno(t, p.Want(s[0], 7, sys.Out), unix.ENOENT)
	send(t, k, s[1], "x")
	expect(t, p, sys.Never, sys.Event{Token: 8, Ready: sys.In})
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

func TestAddRefuses(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, mode := range []sys.Mode{sys.Edge, sys.Level} {
		k, p := newPoller(t)
		s := pair(t, k)
		must(t, p.Add(s[0], 7, mode))
		wantErrno(t, p.Add(s[0], 8, mode), unix.EEXIST)
		wantErrno(t, p.Add(int(file.Fd()), 8, mode), unix.EPERM)
		wantErrno(t, p.Add(-1, 8, mode), unix.EBADF)
		wantErrno(t, p.Add(1<<20, 8, mode), unix.EBADF)
	}
}

func TestEventsBeyondTheSliceComeWithTheNextWait(t *testing.T) {
	k, p := newPoller(t)
	for token := range uint64(5) {
		s := pair(t, k)
		must(t, p.Add(s[0], token, sys.Edge))
		send(t, k, s[1], "x")
	}
	seen := 0
	events := make([]sys.Event, 2)
	for range 3 {
		n, e := p.Wait(events, look)
		must(t, e)
		for _, ev := range events[:n] {
			seen |= 1 << ev.Token
		}
	}
	if seen != 1<<5-1 {
		t.Fatalf("seen %b", seen)
	}
}

func TestWaitWithoutRoomIsRefused(t *testing.T) {
	_, p := newPoller(t)
	for _, deadline := range []int64{look, sys.Never} {
		_, e := p.Wait(nil, deadline)
		wantErrno(t, e, unix.EINVAL)
	}
}
