//go:build linux

package linux

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Poller = (*Poller)(nil)

// batch is how many events one Wait returns at most.
const batch = 256

// Poller is epoll. It is owned by the goroutine of its event context, except
// Wake, which is safe for concurrent use.
type Poller struct {
	// Spin is how long a Wait looks again and again before it sleeps; it
	// trades a CPU for latency. It is set before the first Wait; 0 is none.
	Spin time.Duration

	kernel *Kernel            // immutable; its clock only
	ep     int                // the epoll descriptor, owned by file; -1 once closed
	file   *os.File           // immutable; ep in the runtime's poller
	sleep  syscall.RawConn    // immutable; of file
	look   func(uintptr) bool // immutable; lookAgain

	watches []watch // by descriptor; owned by the loop
	ctls    uint64  // owned by the loop

	// The present Wait; owned by the loop.
	raw    [batch]unix.EpollEvent
	events []sys.Event
	n      int
	errno  sys.Errno

	// Sleeping; owned by the loop, except state: see wake.go.
	state atomic.Uint32
	armed int64 // the deadline that file has; sys.Never is none
	spent bool  // the deadline of file has passed
	yield int64 // when other goroutines had their turn; 0 if the loop has just slept
}

// NewPoller returns an empty Poller whose deadlines are those of k's clock.
// It fails when the process or the system is out of descriptors or memory.
func NewPoller(k *Kernel) (*Poller, error) {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	p := &Poller{kernel: k, ep: ep, armed: sys.Never}
	p.look = p.lookAgain
	if err := p.open(); err != nil {
		return nil, err
	}
	return p, nil
}

// watch is what is known of a descriptor.
type watch struct {
	token  uint64
	used   bool
	mode   sys.Mode
	active bool   // epoll knows it
	events uint32 // what epoll watches, if it knows it
}

const (
	edgeEvents = unix.EPOLLIN | unix.EPOLLPRI | unix.EPOLLRDHUP | unix.EPOLLET
)

// Add registers fd. In Level mode it tries fd on epoll and takes it back: a
// descriptor that epoll cannot watch is refused here (EPERM: a regular file),
// and one that hangs up while nobody asks does not end any Wait.
func (p *Poller) Add(fd int, token uint64, mode sys.Mode) sys.Errno {
	if fd < 0 {
		return unix.EBADF
	}
	if fd < len(p.watches) && p.watches[fd].used {
		return unix.EEXIST
	}
	events := uint32(edgeEvents)
	if mode == sys.Level {
		events = 0
	}
	if e := p.ctl(unix.EPOLL_CTL_ADD, fd, token, events); e != 0 {
		return e
	}
	if mode == sys.Level {
		p.ctl(unix.EPOLL_CTL_DEL, fd, token, 0)
	}
	for fd >= len(p.watches) {
		p.watches = append(p.watches, watch{})
	}
	p.watches[fd] = watch{token: token, used: true, mode: mode, active: mode == sys.Edge, events: events}
	return 0
}

// Want asks for dir. ENOENT: fd is not registered under token.
func (p *Poller) Want(fd int, token uint64, dir sys.Ready) sys.Errno {
	w := p.find(fd, token)
	switch {
	case w == nil:
		return unix.ENOENT
	case w.mode == sys.Level:
		return p.level(w, fd, dir)
	case w.events&unix.EPOLLOUT != 0 || dir&sys.Out == 0:
		return 0
	}
	return p.set(w, unix.EPOLL_CTL_MOD, fd, w.events|unix.EPOLLOUT)
}

// Keeps is true: epoll forgets nothing.
func (p *Poller) Keeps() bool { return true }

func (p *Poller) level(w *watch, fd int, dir sys.Ready) sys.Errno {
	events := interest(dir)
	switch {
	case dir == 0 && !w.active, dir != 0 && w.active && events == w.events:
		return 0
	case dir == 0:
		w.active = false
		return p.ctl(unix.EPOLL_CTL_DEL, fd, w.token, 0)
	case w.active:
		return p.set(w, unix.EPOLL_CTL_MOD, fd, events)
	}
	return p.set(w, unix.EPOLL_CTL_ADD, fd, events)
}

func (p *Poller) set(w *watch, op, fd int, events uint32) sys.Errno {
	e := p.ctl(op, fd, w.token, events)
	if e == 0 {
		w.active, w.events = true, events
	}
	return e
}

// Del forgets fd, even when it returns an error of epoll. ENOENT: fd is not
// registered under token, and what it is registered under stays.
func (p *Poller) Del(fd int, token uint64) sys.Errno {
	w := p.find(fd, token)
	if w == nil {
		return unix.ENOENT
	}
	active := w.active
	*w = watch{}
	if !active {
		return 0
	}
	return p.ctl(unix.EPOLL_CTL_DEL, fd, token, 0)
}

func (p *Poller) find(fd int, token uint64) *watch {
	if fd < 0 || fd >= len(p.watches) {
		return nil
	}
	if w := &p.watches[fd]; w.used && w.token == token {
		return w
	}
	return nil
}

// Ctls is how many times epoll_ctl was called.
func (p *Poller) Ctls() uint64 { return p.ctls }

// ctl hands epoll all 64 bits of token: Fd and Pad are the two halves of its
// data on every architecture.
func (p *Poller) ctl(op, fd int, token uint64, events uint32) sys.Errno {
	p.ctls++
	p.raw[0] = unix.EpollEvent{Events: events, Fd: int32(token), Pad: int32(token >> 32)}
	_, _, e := unix.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(p.ep), uintptr(op), uintptr(fd),
		uintptr(unsafe.Pointer(&p.raw[0])), 0, 0)
	return e
}

// bits are the conditions with epoll's names for them. Hangup and Error are
// never asked for: epoll reports them for every descriptor that it knows.
var bits = [...]struct {
	ready sys.Ready
	epoll uint32
}{
	{sys.In, unix.EPOLLIN},
	{sys.Out, unix.EPOLLOUT},
	{sys.Urgent, unix.EPOLLPRI},
	{sys.PeerClose, unix.EPOLLRDHUP},
	{sys.Hangup, unix.EPOLLHUP},
	{sys.Error, unix.EPOLLERR},
}

func interest(dir sys.Ready) (events uint32) {
	for _, b := range bits {
		if dir&b.ready != 0 {
			events |= b.epoll
		}
	}
	return events
}

func event(raw *unix.EpollEvent) sys.Event {
	ev := sys.Event{Token: uint64(uint32(raw.Fd)) | uint64(uint32(raw.Pad))<<32}
	for _, b := range bits {
		if raw.Events&b.epoll != 0 {
			ev.Ready |= b.ready
		}
	}
	return ev
}
