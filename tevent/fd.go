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
	d     *desc // nil once closed
	f     func(Flags)
	flags Flags
	close func(fd int) error // owns the descriptor; nil if the FD does not
	held  Holding
	tag   uint64
}

// NewFD watches fd and calls f with those of flags that hold. flags may be 0.
// A descriptor belongs to FD events or to one stream, never both: EEXIST.
// Source: tevent_add_fd.
func NewFD(ev *Context, fd int, flags Flags, f func(Flags)) (*FD, error) {
	ev.enter()
	switch {
	case fd < 0:
		return nil, os.NewSyscallError("fd event", syscall.EBADF)
	case ev.closed:
		return nil, ErrClosed
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

// Flags are the conditions that are watched; 0 also after the descriptor was
// found to be closed.
func (e *FD) Flags() Flags { return e.flags }

// SetFlags changes what is watched, from any handler. If the descriptor has been
// closed meanwhile, which is its owner's mistake, all its events are disarmed:
// EBADF or ENOENT. Any other error of the system leaves the flags as they were.
// os.ErrClosed: the FD is closed; ErrClosed: its context is. Source: tevent_fd_set_flags and the macros
// around it.
func (e *FD) SetFlags(flags Flags) error {
	e.ev.enter()
	switch {
	case e.d == nil:
		return os.ErrClosed
	case e.ev.closed:
		return ErrClosed
	}
	old := e.flags
	e.set(flags)
	switch errno := e.d.update(); errno {
	case 0:
		return nil
	case syscall.EBADF, syscall.ENOENT:
		e.d.disarm()
		return os.NewSyscallError("fd event", errno)
	default:
		e.set(old)
		return os.NewSyscallError("fd event", errno)
	}
}

// set changes the flags and counts whether LoopWait is held.
func (e *FD) set(flags Flags) {
	if (e.flags == 0) != (flags == 0) {
		if flags == 0 {
			e.ev.watching--
		} else {
			e.ev.watching++
		}
	}
	e.flags = flags
}

// SetClose makes f the owner of the descriptor: it is called once with it, when
// the FD is closed or, if that comes first, the context, and by then nothing
// watches it for this FD. nil, the start value, leaves the descriptor to others.
// Source: tevent_fd_set_close_fn.
func (e *FD) SetClose(f func(fd int) error) { e.close = f }

// SetAutoClose is SetClose with a function that closes the descriptor. Source:
// tevent_fd_set_auto_close.
func (e *FD) SetAutoClose() {
	e.close = func(fd int) error {
		return os.NewSyscallError("close", orNil(e.ev.kernel.Close(fd)))
	}
}

// orNil is errno as an error.
func orNil(errno sys.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}

// Close ends the watch; the descriptor stays open, unless the FD owns it. The
// error is that of closing it. A second Close does nothing.
func (e *FD) Close() error {
	if e.d == nil {
		return nil
	}
	e.ev.enter()
	d := e.d
	e.set(0)
	e.d = nil
	d.remove(e)
	e.held.Release()
	if e.close == nil {
		return nil
	}
	return e.close(d.fd)
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
