package kernel

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// epoll is a set of registrations, each of an open file under a descriptor: it
// stays when the descriptor is closed while the file lives on.
type epoll struct {
	p     *Proc
	file  *file
	items []*item // in order of registration
	ready []*item // to be looked at, first come first
}

// item is one registration.
type item struct {
	ep     *epoll
	file   *file
	fd     int
	token  uint64
	events sys.Ready // with Hangup and Error, which are always reported
	edge   bool
	queued bool // in ep.ready
	dead   bool
}

const always = sys.Hangup | sys.Error

func (ep *epoll) poll(sys.Ready) sys.Ready {
	if ep.pending() {
		return sys.In
	}
	return 0
}

func (ep *epoll) name() string { return "epoll" }

func (ep *epoll) release() {
	for _, it := range ep.items {
		it.dead = true
		it.file.items = slices.DeleteFunc(it.file.items, func(x *item) bool { return x == it })
	}
	ep.items, ep.ready = nil, nil
}

// find is the registration of fd as long as it stands for what it stood for
// then. EBADF: it is not open. EPERM: the file is always ready. ENOENT: there
// is none.
func (ep *epoll) find(fd int) (*item, sys.Errno) {
	f := ep.p.table.get(fd)
	if f == nil {
		return nil, syscall.EBADF
	}
	if _, ok := f.obj.(*memfd); ok {
		return nil, syscall.EPERM
	}
	for _, it := range f.items {
		if it.ep == ep && it.fd == fd {
			return it, 0
		}
	}
	return nil, syscall.ENOENT
}

// add is EPOLL_CTL_ADD. EPERM: the file is always ready. EINVAL: it is ep.
func (ep *epoll) add(fd int, token uint64, events sys.Ready, edge bool) sys.Errno {
	it, e := ep.find(fd)
	switch {
	case it != nil:
		return syscall.EEXIST
	case e != syscall.ENOENT:
		return e
	}
	f := ep.p.table.get(fd)
	if _, ok := f.obj.(*epoll); ok {
		return syscall.EINVAL
	}
	it = &item{ep: ep, file: f, fd: fd, token: token, events: events | always, edge: edge}
	ep.items = append(ep.items, it)
	f.items = append(f.items, it)
	ep.look(it)
	return 0
}

// mod is EPOLL_CTL_MOD: what holds already is reported again.
func (ep *epoll) mod(fd int, token uint64, events sys.Ready, edge bool) sys.Errno {
	it, e := ep.find(fd)
	if e != 0 {
		return e
	}
	it.token, it.events, it.edge = token, events|always, edge
	ep.look(it)
	return 0
}

// del is EPOLL_CTL_DEL.
func (ep *epoll) del(fd int) sys.Errno {
	it, e := ep.find(fd)
	if e != 0 {
		return e
	}
	it.dead = true
	it.file.items = slices.DeleteFunc(it.file.items, func(x *item) bool { return x == it })
	ep.forget(it)
	return 0
}

func (ep *epoll) forget(it *item) {
	same := func(x *item) bool { return x == it }
	ep.items = slices.DeleteFunc(ep.items, same)
	if it.queued {
		ep.ready = slices.DeleteFunc(ep.ready, same)
	}
}

func (ep *epoll) look(it *item) {
	if it.holds() != 0 {
		ep.push(it)
	}
}

// holds is what there is to report of it.
func (it *item) holds() sys.Ready { return it.file.obj.poll(it.events) & it.events }

func (ep *epoll) push(it *item) {
	if !it.queued {
		it.queued = true
		ep.ready = append(ep.ready, it)
	}
}

// pending tells whether there is anything to report, and forgets what has
// gone meanwhile.
func (ep *epoll) pending() bool {
	for i, it := range ep.ready {
		if it.holds() != 0 {
			ep.cut(i)
			return true
		}
		it.queued = false
	}
	ep.cut(len(ep.ready))
	return false
}

// cut forgets the first n that were to be looked at.
func (ep *epoll) cut(n int) {
	if n > 0 {
		left := copy(ep.ready, ep.ready[n:])
		clear(ep.ready[left:])
		ep.ready = ep.ready[:left]
	}
}

// collect fills events. A level stays in the list as long as it holds, behind
// those that found no room.
func (ep *epoll) collect(events []sys.Event) int {
	n, seen := 0, 0
	for end := len(ep.ready); seen < end && n < len(events); seen++ {
		it := ep.ready[seen]
		it.queued = false
		got := it.holds()
		if got == 0 {
			continue
		}
		events[n] = sys.Event{Token: it.token, Ready: got}
		n++
		if !it.edge {
			ep.push(it)
		}
	}
	ep.cut(seen)
	return n
}
