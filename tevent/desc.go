package tevent

import (
	"maps"
	"os"
	"slices"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// desc is one descriptor with its events.
type desc struct {
	ev    *Context
	fd    int
	token uint64
	list  []*FD // who was served last stands last
	want  sys.Ready
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

// remove takes e out; the Poller forgets a descriptor that nobody watches. What it
// says is no news: the descriptor may have been closed before.
func (d *desc) remove(e *FD) {
	d.list = slices.DeleteFunc(d.list, func(x *FD) bool { return x == e })
	if len(d.list) > 0 {
		_ = d.update()
		return
	}
	d.ev.loop.Unregister(d.fd, d.token)
	delete(d.ev.fds, d.fd)
}

// invalid is told, perhaps more than once, that the descriptor is none any more.
func (d *desc) invalid() {
	if d.want != 0 {
		d.ev.log().Warn("tevent: a descriptor was closed before its fd events, which are disarmed", "fd", d.fd)
		d.disarm()
	}
}

// disarm stops watching a descriptor that is none any more, for all its events.
func (d *desc) disarm() {
	for _, e := range d.list {
		e.set(0)
	}
	_ = d.update()
	d.want = 0
}

// update tells the Poller what the events of the descriptor want together.
func (d *desc) update() sys.Errno {
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
		return 0
	}
	errno := d.ev.loop.Want(d.fd, d.token, want)
	if errno == 0 {
		d.want = want
	}
	return errno
}

// Ready serves the first event that wants what is there, and moves it to the
// end of the line.
func (d *desc) Ready(r sys.Ready) {
	if r&sys.Invalid != 0 {
		d.invalid()
		return
	}
	for i, e := range d.list {
		if got := e.flags & conditions(r); got != 0 {
			copy(d.list[i:], d.list[i+1:])
			d.list[len(d.list)-1] = e
			e.call(got)
			return
		}
	}
}

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

// closeOwners closes what owns its descriptor, by number, when the context dies.
func (ev *Context) closeOwners() {
	for _, fd := range slices.Sorted(maps.Keys(ev.fds)) {
		d := ev.fds[fd]
		if d == nil {
			continue // an owner before closed it
		}
		for _, e := range slices.Clone(d.list) {
			if e.close != nil {
				_ = e.Close()
			}
		}
	}
}
