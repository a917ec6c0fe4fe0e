//go:build linux

package linux

import (
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// turn is how long a loop that finds work keeps other goroutines waiting.
const turn = int64(time.Millisecond)

// Wait looks, spins if it may, and sleeps. It returns at most 256 events.
//
// Going to sleep looks too, after 30 ns of preparation, while a look of its
// own costs 170: so there is one only when preparation has to arm a deadline,
// or when there will be no sleep.
//
// It never ends before its deadline. In an idle process it may end 1 ms after,
// which is the resolution of the runtime's own sleep, unless the deadline is
// no further away than Spin.
//
// EINVAL: events is empty. EBADF: the Poller is closed.
func (p *Poller) Wait(events []sys.Event, deadline int64) (int, sys.Errno) {
	p.events, p.n, p.errno = events, 0, 0
	p.wait(deadline)
	p.events = nil
	return p.n, p.errno
}

func (p *Poller) wait(deadline int64) {
	now := p.kernel.Now()
	p.share(now)
	if deadline <= now || p.Spin > 0 || p.mustArm(deadline) {
		if p.lookOnce() || deadline <= now || p.spin(now, deadline) {
			return
		}
	}
	p.park(deadline)
}

// lookOnce asks epoll without sleeping, and tells whether there is an answer.
func (p *Poller) lookOnce() bool {
	size := min(len(p.events), batch)
	n, _, e := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.ep),
		uintptr(unsafe.Pointer(&p.raw[0])), uintptr(size), 0, 0, 0)
	if e != 0 {
		p.errno = e
		return true
	}
	p.n = int(n)
	for i := range p.n {
		p.events[i] = event(&p.raw[i])
	}
	return p.n > 0
}

// spin looks for as long as it may, and tells whether to return: there are
// events, the deadline has come or Wake was called.
func (p *Poller) spin(now, deadline int64) bool {
	if p.Spin <= 0 {
		return false
	}
	end := min(now+int64(p.Spin), deadline)
	for now < end {
		if p.lookOnce() || p.interrupted() {
			return true
		}
		p.share(now)
		now = p.kernel.Now()
	}
	return end == deadline
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
