//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import "golang.org/x/sys/unix"

// How Wake ends a sleep. state goes
//
//	awake  → asleep  by the loop, about to sleep
//	any    → woken   by Wake
//	any    → awake   by the loop: after a sleep, or instead of one
//
// A Wake that finds the loop asleep writes a byte to the pipe that poll is
// asked about; any other costs one atomic swap. No Wake is lost: one that finds
// the loop awake leaves woken behind, and the loop does not fall asleep. One
// may write when its sleep has ended otherwise: the next sleep then finds a byte
// without having been woken, takes it and goes on.
const (
	awake uint32 = iota
	asleep
	woken
)

// Wake ends the sleep of the present Wait, or of the next that would sleep. It
// does nothing on a closed Poller.
func (p *Poller) Wake() {
	if p.state.Swap(woken) != asleep {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wake >= 0 {
		_, _ = unix.Write(p.wake, []byte{0}) // a full pipe wakes as well
	}
}

// fallAsleep tells whether the loop may sleep: not when a Wake is waiting.
func (p *Poller) fallAsleep() bool { return p.state.CompareAndSwap(awake, asleep) }

// getUp ends the sleep and tells whether Wake was called in it. It is a swap,
// so that what any of those goroutines did before Wake is seen after Wait.
func (p *Poller) getUp() bool { return p.state.Swap(awake) == woken }

// drain empties the pipe.
func (p *Poller) drain() {
	var b [64]byte
	for {
		if n, err := unix.Read(int(p.polled[0].Fd), b[:]); err != unix.EINTR && n < len(b) {
			return
		}
	}
}

// Close releases the Poller's own descriptors. What is registered is forgotten;
// the descriptors are their owners'. Another call does nothing.
func (p *Poller) Close() {
	if p.polled == nil {
		return
	}
	_ = unix.Close(int(p.polled[0].Fd))
	p.polled, p.watches, p.at = nil, nil, nil
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = unix.Close(p.wake)
	p.wake = -1
}
