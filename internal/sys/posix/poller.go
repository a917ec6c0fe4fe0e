//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Poller = (*Poller)(nil)

// Poller is poll(2). It is owned by the goroutine of its event context, except
// Wake, which is safe for concurrent use.
type Poller struct {
	kernel    sys.Kernel // immutable; its clock only
	peerClose int16      // immutable; poll's name for the peer's close, 0 if it has none

	// What poll is asked and what is known of it, in the same order; the first
	// is the pipe of Wake. Owned by the loop; nil once closed.
	polled  []unix.PollFd
	watches []watch
	at      []int32 // by descriptor: its place in polled, 0 if it has none
	next    int     // where the last Wait stopped to look, so that each gets its turn
	yield   int64   // when other goroutines had their turn; 0 if the loop has just slept

	state atomic.Uint32 // see wake.go
	mu    sync.Mutex
	wake  int // guarded by mu: the end of the pipe that Wake writes to; -1 once closed
}

// watch is what is known of a descriptor.
type watch struct {
	fd     int
	token  uint64
	mode   sys.Mode
	armed  sys.Ready // what the next report may be about
	stream bool      // a look can tell the peer's close
}

const (
	ends = sys.Hangup | sys.Error
	all  = sys.In | sys.Urgent | sys.PeerClose | ends // but sys.Out
)

// NewPoller returns an empty Poller whose deadlines are those of k's clock. It
// takes two descriptors, and fails when the process or the system is out of them.
func NewPoller(k sys.Kernel) (*Poller, error) {
	r, w, err := pipe()
	if err != nil {
		return nil, os.NewSyscallError("pipe", err)
	}
	p := &Poller{kernel: k, peerClose: peerClose, wake: w}
	p.polled = []unix.PollFd{{Fd: int32(r), Events: unix.POLLIN}}
	p.watches = []watch{{fd: r}}
	return p, nil
}

// pipe returns the two ends of a pipe, non-blocking and close-on-exec.
func pipe() (r, w int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	var fds [2]int
	if err := unix.Pipe(fds[:]); err != nil {
		return -1, -1, err
	}
	for _, fd := range fds {
		unix.CloseOnExec(fd)
		err = unix.SetNonblock(fd, true)
		if err != nil {
			break
		}
	}
	if err != nil {
		_ = unix.Close(fds[0])
		_ = unix.Close(fds[1])
	}
	return fds[0], fds[1], err
}

// Add registers fd. EPERM: a regular file or a directory, which is always ready.
func (p *Poller) Add(fd int, token uint64, mode sys.Mode) sys.Errno {
	if fd < 0 || p.polled == nil {
		return unix.EBADF
	}
	if p.find(fd) > 0 {
		return unix.EEXIST
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return errno(err)
	}
	if kind := st.Mode & unix.S_IFMT; kind == unix.S_IFREG || kind == unix.S_IFDIR {
		return unix.EPERM
	}
	p.push(watch{fd: fd, token: token, mode: mode, stream: p.peerClose == 0 && isStream(fd)})
	if mode == sys.Edge {
		p.arm(len(p.watches)-1, all)
	}
	return 0
}

func isStream(fd int) bool {
	typ, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	return err == nil && typ == unix.SOCK_STREAM
}

// push appends w, not watched yet.
func (p *Poller) push(w watch) {
	for w.fd >= len(p.at) {
		p.at = append(p.at, 0)
	}
	p.at[w.fd] = int32(len(p.watches))
	p.watches = append(p.watches, w)
	p.polled = append(p.polled, unix.PollFd{Fd: -1})
}

// Want asks for dir. ENOENT: fd is not registered under token. EBADF, in Level
// mode: it was closed by its owner, against the rules.
func (p *Poller) Want(fd int, token uint64, dir sys.Ready) sys.Errno {
	i := p.find(fd)
	if i == 0 || p.watches[i].token != token {
		return unix.ENOENT
	}
	w := &p.watches[i]
	switch {
	case w.mode == sys.Level && dir != w.armed:
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
			return errno(err)
		}
		p.arm(i, dir)
	case w.mode == sys.Level:
	case w.armed == 0: // it was out since its end was reported
		p.arm(i, all|dir)
	case w.armed&dir != dir:
		p.arm(i, w.armed|dir)
	}
	return 0
}

// Keeps is false: what Want armed is reported once.
func (p *Poller) Keeps() bool { return false }

// Del forgets fd. ENOENT: fd is not registered under token, and what it is
// registered under stays.
func (p *Poller) Del(fd int, token uint64) sys.Errno {
	i, last := p.find(fd), len(p.watches)-1
	if i == 0 || p.watches[i].token != token {
		return unix.ENOENT
	}
	p.polled[i], p.watches[i] = p.polled[last], p.watches[last]
	p.polled, p.watches = p.polled[:last], p.watches[:last]
	if i < last {
		p.at[p.watches[i].fd] = int32(i)
	}
	p.at[fd] = 0
	return 0
}

// find is the place of fd, 0 if it is not registered.
func (p *Poller) find(fd int) int {
	if fd < 0 || fd >= len(p.at) || p.polled == nil {
		return 0
	}
	return int(p.at[fd])
}

// arm sets what may be reported. poll reports the ends of each descriptor that
// it is asked about, so it is asked only while they may be.
func (p *Poller) arm(i int, ready sys.Ready) {
	w := &p.watches[i]
	w.armed = ready
	asked := unix.PollFd{Fd: int32(w.fd), Events: p.interest(ready)}
	if ready == 0 {
		asked.Fd = -1
	}
	p.polled[i] = asked
}

// interest is poll's name for what is asked for; the ends need not be.
func (p *Poller) interest(ready sys.Ready) (events int16) {
	if ready&sys.In != 0 {
		events |= unix.POLLIN
	}
	if ready&sys.Out != 0 {
		events |= unix.POLLOUT
	}
	if ready&sys.Urgent != 0 {
		events |= unix.POLLPRI
	}
	if ready&sys.PeerClose != 0 {
		events |= p.peerClose
	}
	return events
}
