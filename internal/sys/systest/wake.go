//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (on System) WakeBeforeWaitIsNotLost(t *testing.T) {
	_, p := on.poller(t)
	p.Wake()
	expect(t, p, sys.Never)
}

func (on System) WakeEndsSleep(t *testing.T) {
	k, p := on.poller(t)
	for range 3 {
		on.whenAsleep(t, p, p.Wake)
		expect(t, p, sys.Never)
		on.whenAsleep(t, p, p.Wake)
		expect(t, p, k.Now()+int64(time.Hour))
	}
}

func (on System) WakesEndOneSleepTogether(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	p.Wake()
	p.Wake()
	expect(t, p, sys.Never)
	on.whenAsleep(t, p, func() { send(t, on.Kernel(), s[1], "x") })
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
}

func (on System) WakeDoesNotHideEvents(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	send(t, k, s[1], "x")
	p.Wake()
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
	expect(t, p, sys.Never) // that Wait did not sleep, so Wake ends the next
}

func (on System) WakeOutlivesAWaitThatOnlyLooks(t *testing.T) {
	_, p := on.poller(t)
	p.Wake()
	expect(t, p, look)
	expect(t, p, sys.Never)
}

func (on System) NoWakeIsLost(t *testing.T) {
	const wakers, each = 4, 2000
	_, p := on.poller(t)
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
func (on System) WakePublishes(t *testing.T) {
	_, p := on.poller(t)
	x := 0
	on.whenAsleep(t, p, func() {
		x = 1
		p.Wake()
	})
	expect(t, p, sys.Never)
	if x != 1 {
		t.Fatal(x)
	}
}

func (on System) WakeAfterCloseIsHarmless(t *testing.T) {
	for range 100 {
		_, p := on.poller(t)
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

func (on System) ClosedPollerAnswersEBADF(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	p.Close()
	_, q := on.poller(t) // takes the number of the closed one
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
