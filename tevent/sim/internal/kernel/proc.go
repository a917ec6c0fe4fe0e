package kernel

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Kernel = (*Proc)(nil)

// Scheduler runs other processes while one sleeps.
type Scheduler interface {
	// Park is called by Poller.Wait when nothing is ready. It returns when
	// p.Runnable says so; a return before only looks again.
	Park(p *Proc, deadline int64)
}

// Proc is a process, and the kernel as the process sees it. All of its event
// contexts share it.
type Proc struct {
	// Name is for the world's use.
	Name string
	// Cred is who the process is; the world may change the user.
	Cred sys.Cred
	// Reports is how its pollers report.
	Reports Reports

	host     *Host
	net      *Net
	sched    Scheduler
	rand     *rand.ChaCha8
	table    table
	pollers  []*Poller
	maps     []mapped
	misuse   Misuse
	transfer message // of the present call
	exited   bool
}

// standard is the first descriptor a process gets: 0 to 2 are open from birth.
const standard = 3

// Proc starts a process on the host.
func (h *Host) Proc(name string, s Scheduler) *Proc {
	n := h.net
	n.procs++
	h.random++
	p := &Proc{Name: name, host: h, net: n, sched: s, Cred: sys.Cred{PID: 1000 + n.procs, UID: 1000, GID: 1000}}
	var seed [32]byte
	copy(seed[:], fmt.Sprintf("%016x%08x%08x", n.seed, h.index, h.random))
	p.rand = rand.NewChaCha8(seed)
	p.table = table{files: make([]*file, standard, 16), low: standard, limit: h.Limits.Files}
	return p
}

// Host is where the process runs.
func (p *Proc) Host() *Host { return p.host }

// enter is the beginning of each call: it takes its time, in which other
// things happen.
func (p *Proc) enter() { p.net.Advance(p.net.now + p.net.CallCost) }

// Now is the Net's clock. It takes no time.
func (p *Proc) Now() int64 { return p.net.now }

// Start is the same instant in every world.
func (p *Proc) Start() time.Time { return genesis }

// Random fills b from a source of the process's own, so that what it draws
// does not change what the network does.
func (p *Proc) Random(b []byte) { _, _ = p.rand.Read(b) }

// file is what fd stands for. EBADF is counted.
func (p *Proc) file(fd int) (*file, sys.Errno) {
	f := p.table.get(fd)
	if f == nil {
		p.misuse.BadDescriptor++
		return nil, syscall.EBADF
	}
	return f, 0
}

// Runnable tells whether the process has something to do: an event, a Wake,
// or a deadline that has come. One that has exited has not.
func (p *Proc) Runnable() bool {
	for _, q := range p.pollers {
		if q.runnable() {
			return true
		}
	}
	return false
}

// Exit ends the process: every descriptor is closed, lowest first, and every
// mapping is gone. All later calls answer EBADF, and count for nothing.
func (p *Proc) Exit() {
	if p.exited {
		return
	}
	p.exited = true
	for fd := standard; fd < len(p.table.files); fd++ {
		if f := p.table.remove(fd); f != nil {
			f.drop()
		}
	}
	p.table.limit = 0
	for _, m := range p.maps {
		m.end()
	}
	p.maps = nil
}

// Exited tells whether Exit was called.
func (p *Proc) Exited() bool { return p.exited }

// Descriptor is one open descriptor and what it stands for, such as "tcp
// 10.0.0.1:80".
type Descriptor struct {
	FD   int
	Name string
}

// Open lists the open descriptors, lowest first, those of pollers included.
func (p *Proc) Open() []Descriptor {
	var list []Descriptor
	for fd := standard; fd < len(p.table.files); fd++ {
		if f := p.table.files[fd]; f != nil {
			list = append(list, Descriptor{fd, f.obj.name()})
		}
	}
	return list
}

// Misuse counts what the real kernel would hide, because the number stands for
// something else by then.
type Misuse struct {
	BadDescriptor int // calls other than Close on what is not open
	DoubleClose   int
}

// Misuse is what the process has done so far.
func (p *Proc) Misuse() Misuse { return p.misuse }

// Close releases fd.
func (p *Proc) Close(fd int) sys.Errno {
	p.enter()
	if p.exited {
		return syscall.EBADF
	}
	f := p.table.remove(fd)
	if f == nil {
		p.misuse.DoubleClose++
		return syscall.EBADF
	}
	f.drop()
	return 0
}

// SetNonblock does nothing: every open file is non-blocking.
func (p *Proc) SetNonblock(fd int) sys.Errno {
	p.enter()
	_, e := p.file(fd)
	return e
}
