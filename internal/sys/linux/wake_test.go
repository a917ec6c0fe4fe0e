//go:build linux

package linux

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestWakeBeforeWaitIsNotLost(t *testing.T) {
	_, p := newPoller(t)
	p.Wake()
	expect(t, p, sys.Never)
}

func TestWakeEndsSleep(t *testing.T) {
	k, p := newPoller(t)
	for range 3 {
		whenAsleep(t, p, p.Wake)
		expect(t, p, sys.Never)
		whenAsleep(t, p, p.Wake)
		expect(t, p, k.Now()+int64(time.Hour))
	}
}

func TestWakesEndOneSleepTogether(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	p.Wake()
	p.Wake()
	expect(t, p, sys.Never)
	whenAsleep(t, p, func() { send(t, NewKernel(), s[1], "x") })
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
}

func TestWakeDoesNotHideEvents(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	send(t, k, s[1], "x")
	p.Wake()
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
	expect(t, p, sys.Never) // that Wait did not sleep, so Wake ends the next
}

func TestWakeOutlivesAWaitThatOnlyLooks(t *testing.T) {
	_, p := newPoller(t)
	p.Wake()
	expect(t, p, look)
	expect(t, p, sys.Never)
}

// A Wake that finds the loop asleep may be slow: its deadline passes when
// something else has ended that sleep already.
func TestLateWakeLeavesNothingBehind(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	if err := p.file.SetReadDeadline(past); err != nil {
		t.Fatal(err)
	}
	whenAsleep(t, p, func() { send(t, NewKernel(), s[1], "x") })
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
}

func TestNoWakeIsLost(t *testing.T) {
	const wakers, each = 4, 2000
	_, p := newPoller(t)
	var posted atomic.Int64
	var all sync.WaitGroup
	for range wakers {
		all.Go(func() {
			for range each {
				posted.Add(1)
				p.Wake()
			}
		})
	}
	events := make([]sys.Event, 1)
	for posted.Load() < wakers*each { // one lost Wake and this sleeps for ever
		n, e := p.Wait(events, sys.Never)
		must(t, e)
		if n != 0 {
			t.Fatal("a Wake left an event")
		}
	}
	all.Wait()
}

// What a goroutine did before Wake is seen after Wait; the race detector
// checks the claim on a plain variable.
func TestWakePublishes(t *testing.T) {
	_, p := newPoller(t)
	x := 0
	whenAsleep(t, p, func() {
		x = 1
		p.Wake()
	})
	expect(t, p, sys.Never)
	if x != 1 {
		t.Fatal(x)
	}
}

func TestWakeAfterCloseIsHarmless(t *testing.T) {
	for range 100 {
		_, p := newPoller(t)
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				for range 10 {
					p.Wake()
				}
			})
		}
		expect(t, p, look)
		p.Close()
		p.Close()
		all.Wait()
		p.Wake()
	}
}

func TestClosedPollerAnswersEBADF(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	p.Close()
	_, q := newPoller(t) // takes the number of the closed one
	must(t, q.Add(s[0], 8, sys.Edge))
	send(t, k, s[1], "x")
	for _, deadline := range []int64{look, k.Now() + int64(time.Hour), sys.Never} {
		_, e := p.Wait(make([]sys.Event, 1), deadline)
		wantErrno(t, e, unix.EBADF)
	}
	wantErrno(t, p.Add(s[0], 7, sys.Edge), unix.EBADF)
	wantErrno(t, p.Want(s[0], 7, sys.Out), unix.ENOENT)
	wantErrno(t, p.Del(s[0], 7), unix.ENOENT)
}
