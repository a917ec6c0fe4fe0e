//go:build linux

package linux

import (
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// How Wake ends a sleep. state goes
//
//	awake  → asleep  by the loop, about to sleep
//	any    → woken   by Wake
//	any    → awake   by the loop: after a sleep, or instead of one
//
// A Wake that finds the loop asleep makes the read deadline of the parked file
// pass, which costs no system call; any other Wake costs one atomic swap.
//
// No Wake is lost. The loop arms its deadline before it goes from awake to
// asleep and not again before it is awake, so a Wake that finds it asleep puts
// its deadline after the loop's, and the runtime keeps the latest: the sleep
// ends, also one that begins only now. A Wake that finds the loop awake leaves
// woken behind, and the loop does not fall asleep.
//
// A Wake may make the deadline pass after its sleep has ended otherwise. The
// next park finds a deadline that came too early, as it may at any time, and
// arms its own again. Nothing was put into epoll, so no event is left over.
const (
	awake uint32 = iota
	asleep
	woken
)

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// Wake ends the sleep of the present Wait, or of the next that would sleep. It
// does nothing on a closed Poller.
func (p *Poller) Wake() {
	if p.state.Swap(woken) == asleep {
		_ = p.file.SetReadDeadline(past) // fails once closed, as it should
	}
}

// fallAsleep tells whether the loop may sleep: not when a Wake is waiting.
func (p *Poller) fallAsleep() bool { return p.state.CompareAndSwap(awake, asleep) }

// getUp ends the sleep and tells whether Wake was called in it. It is a swap,
// so that what any of those goroutines did before Wake is seen after Wait.
func (p *Poller) getUp() bool { return p.state.Swap(awake) == woken }

// interrupted tells whether a Wake is waiting, and uses it up.
func (p *Poller) interrupted() bool { return p.state.Load() == woken && p.getUp() }

// Close releases the epoll descriptor. What is registered is forgotten; the
// descriptors are their owners'. Another call does nothing.
//
// If somebody has closed the descriptor, against the rules, and its number
// stands for something else by now, that is left alone.
func (p *Poller) Close() {
	if p.ep < 0 {
		return
	}
	taken := p.taken()
	p.ep, p.watches = -1, nil // the number may soon be somebody else's
	if taken {
		p.keep()
		return
	}
	_ = p.file.Close()
}

// keep has the collector leave p alone for good, and with it the file, which it
// would close.
func (p *Poller) keep() { runtime.SetFinalizer(p, (*Poller).keep) }

// taken tells whether the number is open and no epoll.
func (p *Poller) taken() bool {
	_, _, e := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.ep), uintptr(unsafe.Pointer(&p.raw[0])), 1, 0, 0, 0)
	return e == unix.EINVAL
}
