package kernel

import (
	"encoding/binary"
	"math"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// counter is an eventfd.
type counter struct {
	file  *file
	count uint64
}

// Eventfd returns a counter that starts at initial.
func (p *Proc) Eventfd(initial uint32) (int, sys.Errno) {
	p.enter()
	c := &counter{count: uint64(initial)}
	c.file = &file{obj: c, refs: 1}
	return p.table.add(c.file)
}

func (c *counter) name() string { return "eventfd" }
func (c *counter) release()     {}

func (c *counter) poll(sys.Ready) sys.Ready {
	var r sys.Ready
	if c.count > 0 {
		r |= sys.In
	}
	if c.count < math.MaxUint64-1 {
		r |= sys.Out
	}
	return r
}

func (c *counter) read(b []byte) (int, sys.Errno) {
	switch {
	case len(b) < 8:
		return 0, syscall.EINVAL
	case c.count == 0:
		return 0, syscall.EAGAIN
	}
	binary.NativeEndian.PutUint64(b, c.count)
	c.count = 0
	c.file.wake(sys.Out)
	return 8, 0
}

func (c *counter) write(b []byte) (int, sys.Errno) {
	if len(b) != 8 {
		return 0, syscall.EINVAL
	}
	v := binary.NativeEndian.Uint64(b)
	switch {
	case v == math.MaxUint64:
		return 0, syscall.EINVAL
	case math.MaxUint64-c.count <= v:
		return 0, syscall.EAGAIN
	}
	c.count += v
	c.file.wake(sys.In)
	return 8, 0
}

// Read reads a counter or a file; of a socket it receives.
func (p *Proc) Read(fd int, b []byte) (int, sys.Errno) {
	p.enter()
	f, e := p.file(fd)
	if e != 0 {
		return 0, e
	}
	switch o := f.obj.(type) {
	case *counter:
		return o.read(b)
	case *memfd:
		return o.read(b), 0
	case socket:
		if len(b) == 0 {
			return 0, 0
		}
		return o.recv(p, &message{bufs: [][]byte{b}})
	}
	return 0, syscall.EINVAL
}

// Write writes to a counter or a file; to a socket it sends.
func (p *Proc) Write(fd int, b []byte) (int, sys.Errno) {
	p.enter()
	f, e := p.file(fd)
	if e != 0 {
		return 0, e
	}
	switch o := f.obj.(type) {
	case *counter:
		return o.write(b)
	case *memfd:
		return o.write(b)
	case socket:
		return o.send(p, &message{bufs: [][]byte{b}})
	}
	return 0, syscall.EINVAL
}
