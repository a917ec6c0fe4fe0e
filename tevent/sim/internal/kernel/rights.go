package kernel

import (
	"slices"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// lend takes hold of the files behind fds, for a message.
func (p *Proc) lend(fds []int) (files []*file, e sys.Errno) {
	for _, fd := range fds {
		f, e := p.file(fd)
		if e != 0 {
			p.net.dropAll(files)
			return nil, e
		}
		p.net.fly(f.hold())
		files = append(files, f)
	}
	return files, 0
}

// install gives the files that came with a message descriptors, as many as
// there is room for; the others are dropped.
func (p *Proc) install(k *sys.Packet, files []*file) {
	for _, f := range files {
		if len(k.Rights) < cap(k.Rights) {
			if fd, e := p.table.add(f); e == 0 {
				p.net.land(f)
				k.Rights = append(k.Rights, fd)
				continue
			}
		}
		k.Cut |= sys.CutRights
		p.net.dropAll([]*file{f})
	}
}

// dropAll forgets the files of a message.
func (n *Net) dropAll(files []*file) {
	for _, f := range files {
		n.land(f)
		f.drop()
	}
}

// fly notes that a message holds f. Only unix sockets can hold each other so.
func (n *Net) fly(f *file) {
	if _, ok := f.obj.(*unix); !ok {
		return
	}
	if f.flying++; f.flying == 1 {
		n.flying = append(n.flying, f)
	}
}

// land is the end of fly.
func (n *Net) land(f *file) {
	if _, ok := f.obj.(*unix); !ok {
		return
	}
	if f.flying--; f.flying == 0 {
		n.flying = slices.DeleteFunc(n.flying, func(x *file) bool { return x == f })
	}
}

// collect releases the sockets that only messages hold which nobody can ever
// receive: those that wait at such sockets.
func (n *Net) collect() {
	if n.collecting || len(n.flying) == 0 {
		return
	}
	n.collecting = true
	defer func() { n.collecting = false }()
	lost := slices.DeleteFunc(slices.Clone(n.flying), func(f *file) bool { return f.refs > f.flying })
	for found := true; found; {
		found = false
		lost = slices.DeleteFunc(lost, func(f *file) bool {
			held := heldBy(lost, f) < f.flying // by one that can be received from
			found = found || held
			return held
		})
	}
	for _, f := range lost {
		f.hold()
	}
	for _, f := range lost {
		f.obj.(*unix).empty()
	}
	for _, f := range lost {
		f.drop()
	}
}

// heldBy is how often f stands in messages at the sockets.
func heldBy(sockets []*file, f *file) int {
	count := 0
	for _, s := range sockets {
		for _, x := range s.obj.(*unix).carried() {
			if x == f {
				count++
			}
		}
	}
	return count
}

// carried are the files in the messages at u, also at those who wait to be
// accepted.
func (u *unix) carried() (files []*file) {
	for _, c := range u.stream.messages {
		files = append(files, c.rights...)
	}
	for _, k := range u.packets {
		files = append(files, k.rights...)
	}
	for _, c := range u.queue {
		files = append(files, c.carried()...)
	}
	return files
}

// empty forgets the messages at u.
func (u *unix) empty() {
	u.purge()
	for _, c := range u.queue {
		c.purge()
	}
}
