package tevent

import (
	"os"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Flags are the conditions of an FD event.
type Flags uint8

const (
	FDRead  Flags = 1 << iota // bytes or the end can be read, or an error waits
	FDWrite                   // bytes can be written, or the descriptor is hung up
	FDError                   // hang-up, the peer's close or an error, whatever else is asked
)

// FD calls a handler while a condition of a descriptor lasts: level-triggered,
// READ and WRITE in one call, each turn again. Any number may watch one
// descriptor; they are served in turn. The descriptor stays its owner's, who
// closes the FD first. It is owned by the loop. Source: struct tevent_fd.
type FD struct {
	ev    *Context
	d     *desc
	f     func(Flags)
	flags Flags
	held  Holding
	tag   uint64
}

// desc is one descriptor with its events.
type desc struct {
	ev    *Context
	fd    int
	token uint64
	list  []*FD // who was served last stands last
	want  sys.Ready
}

// NewFD watches fd and calls f with those of flags that hold. flags may be 0.
// A descriptor belongs to FD events or to one stream, never both: EEXIST.
// Source: tevent_add_fd.
func NewFD(ev *Context, fd int, flags Flags, f func(Flags)) (*FD, error) {
	ev.enter()
	if fd < 0 {
		return nil, os.NewSyscallError("fd event", syscall.EBADF)
	}
	d, err := ev.describe(fd)
	if err != nil {
		return nil, err
	}
	e := &FD{ev: ev, d: d, f: f}
	d.list = append(d.list, e)
	if err := e.SetFlags(flags); err != nil {
		e.Close()
		return nil, err
	}
	e.held = ev.attach(KindFD, "fd event", 0, fd)
	return e, nil
}

func (ev *Context) describe(fd int) (*desc, error) {
	if d := ev.fds[fd]; d != nil {
		return d, nil
	}
	d := &desc{ev: ev, fd: fd}
	token, errno := ev.loop.Register(d, fd, sys.Level)
	if errno != 0 {
		return nil, os.NewSyscallError("fd event", errno)
	}
	d.token = token
	if ev.fds == nil {
		ev.fds = map[int]*desc{}
	}
	ev.fds[fd] = d
	return d, nil
}

// Flags are the conditions that are watched.
func (e *FD) Flags() Flags { return e.flags }

// SetFlags changes what is watched, from any handler.
func (e *FD) SetFlags(flags Flags) error {
	e.ev.enter()
	if e.d == nil {
		return os.ErrClosed
	}
	if (e.flags == 0) != (flags == 0) {
		if flags == 0 {
			e.ev.watching--
		} else {
			e.ev.watching++
		}
	}
	e.flags = flags
	return e.d.update()
}

// Close ends the watch; the descriptor stays open. A second Close does nothing.
func (e *FD) Close() error {
	if e.d == nil {
		return nil
	}
	err := e.SetFlags(0)
	e.held.Release()
	d := e.d
	e.d = nil
	d.remove(e)
	if len(d.list) == 0 {
		e.ev.loop.Unregister(d.fd, d.token)
		delete(e.ev.fds, d.fd)
	}
	if e.ev.closed {
		return nil // the Poller has gone before
	}
	return err
}

func (d *desc) remove(e *FD) {
	for i, x := range d.list {
		if x == e {
			d.list = append(d.list[:i], d.list[i+1:]...)
			return
		}
	}
}

// update tells the Poller what the events of the descriptor want together.
func (d *desc) update() error {
	var want sys.Ready
	for _, e := range d.list {
		if e.flags&FDRead != 0 {
			want |= sys.In | sys.PeerClose
		}
		if e.flags&FDWrite != 0 {
			want |= sys.Out
		}
		if e.flags&FDError != 0 {
			want |= sys.PeerClose | sys.Hangup | sys.Error
		}
	}
	if want == d.want {
		return nil
	}
	if errno := d.ev.loop.Want(d.fd, d.token, want); errno != 0 {
		return os.NewSyscallError("fd event", errno)
	}
	d.want = want
	return nil
}

// Ready serves the first event that wants what is there, and moves it to the
// end of the line.
func (d *desc) Ready(r sys.Ready) {
	for i, e := range d.list {
		if got := e.flags & conditions(r); got != 0 {
			copy(d.list[i:], d.list[i+1:])
			d.list[len(d.list)-1] = e
			e.call(got)
			return
		}
	}
}

// call runs the handler with what it is told.
func (e *FD) call(got Flags) {
	if e.ev.observed {
		e.held.call("fd event", e.tag, e.d.fd, func() { e.f(got) })
	} else {
		e.f(got)
	}
}

// SetTag gives the event a number for its owner's use, 0 at first, which traces
// show. Source: tevent_fd_set_tag.
func (e *FD) SetTag(tag uint64) {
	e.tag = tag
	e.held.SetTag(tag)
}

// Tag is the number of SetTag. Source: tevent_fd_get_tag.
func (e *FD) Tag() uint64 { return e.tag }

func conditions(r sys.Ready) Flags {
	var f Flags
	if r&(sys.In|sys.PeerClose|sys.Hangup|sys.Error) != 0 {
		f |= FDRead
	}
	if r&(sys.Out|sys.Hangup|sys.Error) != 0 {
		f |= FDWrite
	}
	if r&(sys.PeerClose|sys.Hangup|sys.Error) != 0 {
		f |= FDError
	}
	return f
}
