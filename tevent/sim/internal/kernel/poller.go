package kernel

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Poller = (*Poller)(nil)

// Poller is epoll as the library uses it. Wake too is called on the goroutine
// of the world.
type Poller struct {
	p        *Proc
	ep       *epoll
	fd       int
	watches  []watch // by descriptor
	woken    bool
	asleep   bool
	deadline int64 // while asleep
	closed   bool
}

// watch is what is known of a descriptor.
type watch struct {
	token  uint64
	used   bool
	mode   sys.Mode
	active bool // epoll knows it
	events sys.Ready
}

const edgeEvents = sys.In | sys.Urgent | sys.PeerClose

// batch is how many events one Wait returns at most.
const batch = 256

// Poller returns a new poller of the process. It has a descriptor; nil says
// that there is none left.
func (p *Proc) Poller() *Poller {
	ep := &epoll{p: p}
	ep.file = &file{obj: ep, refs: 1}
	fd, e := p.table.add(ep.file)
	if e != 0 {
		return nil
	}
	q := &Poller{p: p, ep: ep, fd: fd}
	p.pollers = append(p.pollers, q)
	return q
}

// Add registers fd; in Level mode it only tries whether it could be watched.
func (q *Poller) Add(fd int, token uint64, mode sys.Mode) sys.Errno {
	q.p.enter()
	switch {
	case fd < 0, q.gone():
		return syscall.EBADF
	case fd < len(q.watches) && q.watches[fd].used:
		return syscall.EEXIST
	}
	events := edgeEvents
	if mode == sys.Level {
		events = 0
	}
	if e := q.count(q.ep.add(fd, token, events, mode == sys.Edge)); e != 0 {
		return e
	}
	if mode == sys.Level {
		q.ep.del(fd)
	}
	for fd >= len(q.watches) {
		q.watches = append(q.watches, watch{})
	}
	q.watches[fd] = watch{token: token, used: true, mode: mode, active: mode == sys.Edge, events: events}
	return 0
}

// Want asks for dir. ENOENT: fd is not registered under token.
func (q *Poller) Want(fd int, token uint64, dir sys.Ready) sys.Errno {
	w := q.find(fd, token)
	switch {
	case w == nil:
		return syscall.ENOENT
	case w.mode == sys.Level:
		return q.level(w, fd, dir)
	case w.events&sys.Out != 0 || dir&sys.Out == 0:
		return 0
	}
	return q.set(w, q.ep.mod, fd, w.events|sys.Out)
}

// Keeps is false, as for a Poller that forgets what it has reported.
func (q *Poller) Keeps() bool { return false }

func (q *Poller) level(w *watch, fd int, dir sys.Ready) sys.Errno {
	switch {
	case dir == 0 && !w.active, dir != 0 && w.active && dir == w.events:
		return 0
	case dir == 0:
		w.active = false
		q.p.enter()
		return q.count(q.ep.del(fd))
	case w.active:
		return q.set(w, q.ep.mod, fd, dir)
	}
	return q.set(w, q.ep.add, fd, dir)
}

func (q *Poller) set(w *watch, ctl func(int, uint64, sys.Ready, bool) sys.Errno, fd int, events sys.Ready) sys.Errno {
	q.p.enter()
	e := q.count(ctl(fd, w.token, events, w.mode == sys.Edge))
	if e == 0 {
		w.active, w.events = true, events
	}
	return e
}

// Del forgets fd, even when epoll has an error. ENOENT: fd is not registered
// under token, and what it is registered under stays.
func (q *Poller) Del(fd int, token uint64) sys.Errno {
	w := q.find(fd, token)
	if w == nil {
		return syscall.ENOENT
	}
	active := w.active
	*w = watch{}
	if !active {
		return 0
	}
	q.p.enter()
	return q.count(q.ep.del(fd))
}

func (q *Poller) find(fd int, token uint64) *watch {
	if fd < 0 || fd >= len(q.watches) {
		return nil
	}
	if w := &q.watches[fd]; w.used && w.token == token {
		return w
	}
	return nil
}

// count notes a call on a descriptor that is not open.
func (q *Poller) count(e sys.Errno) sys.Errno {
	if e == syscall.EBADF && !q.p.exited {
		q.p.misuse.BadDescriptor++
	}
	return e
}

func (q *Poller) gone() bool { return q.closed || q.p.exited }

// Wait looks, and parks the process until there is something.
func (q *Poller) Wait(events []sys.Event, deadline int64) (int, sys.Errno) {
	q.p.enter()
	if len(events) == 0 {
		return 0, syscall.EINVAL
	}
	for {
		if q.gone() {
			return 0, syscall.EBADF
		}
		n := q.report(events[:min(len(events), batch)])
		if n > 0 || deadline <= q.p.net.now {
			return n, 0
		}
		if q.woken {
			q.woken = false
			return 0, 0
		}
		q.asleep, q.deadline = true, deadline
		q.p.sched.Park(q.p, deadline)
		q.asleep = false
	}
}

func (q *Poller) runnable() bool {
	return q.asleep && (q.gone() || q.woken || q.deadline <= q.p.net.now || q.ep.pending())
}

// Wake ends the sleep of the present Wait, or of the next that would sleep.
func (q *Poller) Wake() { q.woken = true }

// Close releases the epoll descriptor; a second Close does nothing.
func (q *Poller) Close() {
	if q.closed {
		return
	}
	q.closed = true
	q.p.pollers = slices.DeleteFunc(q.p.pollers, func(x *Poller) bool { return x == q })
	q.watches = nil
	if q.p.table.get(q.fd) == q.ep.file {
		_ = q.p.Close(q.fd)
	}
}
