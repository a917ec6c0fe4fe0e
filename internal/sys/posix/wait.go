//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"math"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// turn is how long a loop that finds work keeps other goroutines waiting.
const turn = int64(time.Millisecond)

// Wait looks, and sleeps in poll(2) if nothing is ready. It never ends before
// its deadline, and up to 1 ms after.
//
// EINVAL: events is empty. EBADF: the Poller is closed.
func (p *Poller) Wait(events []sys.Event, deadline int64) (int, sys.Errno) {
	switch {
	case p.polled == nil:
		return 0, unix.EBADF
	case len(events) == 0:
		return 0, unix.EINVAL
	}
	for {
		now := p.kernel.Now()
		p.share(now)
		if deadline <= now {
			return p.poll(events, 0)
		}
		if !p.fallAsleep() {
			n, e := p.poll(events, 0)
			if n == 0 && e == 0 {
				p.getUp()
			}
			return n, e
		}
		n, e := p.poll(events, timeout(deadline-now))
		p.yield = 0
		if p.getUp() || n > 0 || e != 0 {
			return n, e
		}
	}
}

// timeout is d in the unit of poll, rounded up and cut where poll ends: then it
// is asked again.
func timeout(d int64) int {
	return int(min((d-1)/int64(time.Millisecond)+1, math.MaxInt32))
}

// poll asks the system once. An interruption is no error: the caller looks at
// the clock and goes on.
func (p *Poller) poll(events []sys.Event, timeout int) (int, sys.Errno) {
	n, err := unix.Poll(p.polled, timeout)
	if e := errno(err); e == unix.EINTR {
		return 0, 0
	} else if e != 0 {
		return 0, e
	}
	if p.polled[0].Revents != 0 {
		p.drain()
		n--
	}
	return p.collect(events, n), 0
}

// collect turns n answers of poll into events, as far as there is room. What
// finds none is still there the next time, and is looked at first.
func (p *Poller) collect(events []sys.Event, n int) (got int) {
	for range len(p.polled) - 1 {
		if n == 0 || got == len(events) {
			break
		}
		if p.next++; p.next >= len(p.polled) {
			p.next = 1
		}
		if p.polled[p.next].Revents == 0 {
			continue
		}
		events[got] = sys.Event{Token: p.watches[p.next].token, Ready: p.report(p.next)}
		n--
		got++
	}
	return got
}

// report is what poll says of the descriptor at i. In Edge mode that is not
// watched any more until the next Want, and after an end nothing is. Nor is a
// descriptor in either mode that turns out to be closed: who waits finds an error.
func (p *Poller) report(i int) sys.Ready {
	w, said := &p.watches[i], p.polled[i].Revents
	if said&unix.POLLNVAL != 0 {
		p.arm(i, 0)
		return sys.Invalid | sys.Error
	}
	r := p.ready(w, said)
	switch {
	case w.mode == sys.Level:
	case r&ends != 0:
		p.arm(i, 0)
	default:
		p.arm(i, w.armed&^r)
	}
	return r
}

// ready is the meaning of poll's answer. Where poll has no word for the peer's
// close, a look at a readable stream tells it.
func (p *Poller) ready(w *watch, said int16) (r sys.Ready) {
	for _, b := range [...]struct {
		said  int16
		ready sys.Ready
	}{
		{unix.POLLIN, sys.In}, {unix.POLLOUT, sys.Out}, {unix.POLLPRI, sys.Urgent},
		{p.peerClose, sys.PeerClose}, {unix.POLLHUP, sys.Hangup}, {unix.POLLERR, sys.Error},
	} {
		if said&b.said != 0 {
			r |= b.ready
		}
	}
	if !hangupOnly && r&(sys.In|sys.Hangup) == sys.In|sys.Hangup {
		r &^= sys.Hangup
	}
	if w.stream && w.armed&sys.PeerClose != 0 && r&(sys.In|sys.Error) == sys.In && atEnd(w.fd) {
		r |= sys.PeerClose
	}
	return r
}

// atEnd tells whether a stream that is readable without an error has nothing but
// its end to read. It takes nothing away: a receive, even one that only peeks,
// would use up an error that comes now.
func atEnd(fd int) bool {
	n, err := unix.IoctlGetInt(fd, fionread)
	if n != 0 || err != nil {
		return false
	}
	listens, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
	return listens == 0 && err == nil
}

// share lets other goroutines run when the loop has gone a turn without sleep.
// Those who became runnable meanwhile run before it goes on.
func (p *Poller) share(now int64) {
	switch {
	case p.yield == 0:
		p.yield = now
	case now-p.yield >= turn:
		runtime.Gosched()
		p.yield = now
	}
}
