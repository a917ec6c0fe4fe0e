//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package backend

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Poller = (*fallback)(nil)

// fallback is a Poller that goes on with another when the first has failed for
// good: everything that is registered moves there, under its token. Like every
// Poller it is owned by the loop, except Wake.
type fallback struct {
	now  sys.Poller                 // the one in use
	wake atomic.Pointer[sys.Poller] // the same, for other goroutines
	next func() (sys.Poller, error) // makes the other; nil once it was asked
	fell func(error)                // is told the reason

	regs  []registration // by descriptor, while there is another
	fresh bool           // a Wake may have gone to the one before: look, do not sleep
}

// registration is what the other Poller has to know.
type registration struct {
	token uint64
	used  bool
	mode  sys.Mode
	want  sys.Ready
}

// firstOf is the Poller of first, or of next if there is none, or when it fails
// later. fell is told, at most once, why.
func firstOf(first, next func() (sys.Poller, error), fell func(error)) (sys.Poller, error) {
	p, err := first()
	if err == nil {
		return over(p, next, fell), nil
	}
	q, otherErr := next()
	if otherErr != nil {
		return nil, err
	}
	fell(err)
	return q, nil
}

func over(p sys.Poller, next func() (sys.Poller, error), fell func(error)) *fallback {
	f := &fallback{next: next, fell: fell}
	f.use(p)
	return f
}

func (f *fallback) use(p sys.Poller) {
	f.now = p
	f.wake.Store(&p)
}

// outOfMemory is how many times in a row a call may fail with ENOMEM.
const outOfMemory = 3

// Add registers fd with the Poller in use.
func (f *fallback) Add(fd int, token uint64, mode sys.Mode) sys.Errno {
	e := f.now.Add(fd, token, mode)
	for tries := 1; e == unix.ENOMEM && tries < outOfMemory; tries++ {
		e = f.now.Add(fd, token, mode)
	}
	if f.broken(e, fd) && f.replace(e) {
		e = f.now.Add(fd, token, mode)
	}
	if e == 0 && f.next != nil {
		for fd >= len(f.regs) {
			f.regs = append(f.regs, registration{})
		}
		f.regs[fd] = registration{token: token, used: true, mode: mode}
	}
	return e
}

// Want asks the Poller in use for dir.
func (f *fallback) Want(fd int, token uint64, dir sys.Ready) sys.Errno {
	e := f.now.Want(fd, token, dir)
	for tries := 1; e == unix.ENOMEM && tries < outOfMemory; tries++ {
		e = f.now.Want(fd, token, dir)
	}
	if f.broken(e, fd) && f.replace(e) {
		e = f.now.Want(fd, token, dir)
	}
	if e == 0 && fd < len(f.regs) {
		r := &f.regs[fd]
		if r.mode == sys.Level {
			r.want = 0
		}
		r.want |= dir
	}
	return e
}

// Keeps is what the Poller in use does.
func (f *fallback) Keeps() bool { return f.now.Keeps() }

// Del forgets fd. That it fails changes nothing: the descriptor is about to be
// closed.
func (f *fallback) Del(fd int, token uint64) sys.Errno {
	if fd >= 0 && fd < len(f.regs) && f.regs[fd].token == token {
		f.regs[fd] = registration{}
	}
	return f.now.Del(fd, token)
}

// Wait asks the Poller in use. Any failure but an interruption is for good.
func (f *fallback) Wait(events []sys.Event, deadline int64) (int, sys.Errno) {
	if f.fresh {
		f.fresh, deadline = false, 0
	}
	n, e := f.now.Wait(events, deadline)
	if e == 0 || e == unix.EINTR || !f.replace(e) {
		return n, e
	}
	f.fresh = false
	return f.now.Wait(events, 0)
}

// Wake ends the sleep of Wait. One that goes to the Poller before the present
// one is made up for by a Wait that does not sleep.
func (f *fallback) Wake() { (*f.wake.Load()).Wake() }

// Close closes the Poller in use.
func (f *fallback) Close() {
	f.next, f.regs = nil, nil
	f.now.Close()
}

// broken tells whether e is the Poller's failure and not that of the request. A
// descriptor that is open is not what EBADF is about.
func (f *fallback) broken(e sys.Errno, fd int) bool {
	switch e {
	case unix.ENOMEM, unix.ENOSPC, unix.EINVAL:
		return true
	case unix.EBADF:
		_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		return err == nil
	}
	return false
}

// replace goes on with the other Poller, and tells whether there is one. A
// descriptor that the other refuses was closed by its owner, against the rules.
func (f *fallback) replace(cause sys.Errno) bool {
	if f.next == nil {
		return false
	}
	old, gone := f.now, cause == unix.EBADF || cause == unix.EINVAL
	if gone {
		old.Close() // or its number becomes that of the other's descriptor
	}
	p, err := f.next()
	f.next = nil
	if err != nil {
		return false
	}
	if !gone {
		old.Close()
	}
	f.fresh = true
	f.use(p)
	f.move()
	f.fell(cause)
	return true
}

func (f *fallback) move() {
	for fd, r := range f.regs {
		if r.used && f.now.Add(fd, r.token, r.mode) == 0 && r.want != 0 {
			f.now.Want(fd, r.token, r.want)
		}
	}
	f.regs = nil
}
