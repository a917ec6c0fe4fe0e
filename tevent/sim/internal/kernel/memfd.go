package kernel

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// memfd is a file in memory.
type memfd struct {
	title string
	data  []byte // its length is the file's; all that was ever mapped lies in its array
	at    int64  // where reading and writing go on
	seals int
	maps  int // that exist
}

// mapped is one mapping of a process.
type mapped struct {
	file *file
	mem  []byte
}

// Seals as Linux numbers them.
const (
	sealSeal = 1 << iota
	sealShrink
	sealGrow
	sealWrite
	sealFutureWrite
	sealExec
)

const page = 4096

// Memfd returns an empty file in memory.
func (p *Proc) Memfd(name string) (int, sys.Errno) {
	p.enter()
	if len(name) > 249 {
		return -1, syscall.EINVAL
	}
	return p.table.add(&file{obj: &memfd{title: name}, refs: 1})
}

func (m *memfd) name() string             { return "memfd " + m.title }
func (m *memfd) release()                 {}
func (m *memfd) poll(sys.Ready) sys.Ready { return sys.In | sys.Out }
func (m *memfd) pending() int             { return int(max(0, int64(len(m.data))-m.at)) }

func (m *memfd) read(b []byte) int {
	if m.at >= int64(len(m.data)) {
		return 0
	}
	n := copy(b, m.data[m.at:])
	m.at += int64(n)
	return n
}

func (m *memfd) write(b []byte) (int, sys.Errno) {
	end := m.at + int64(len(b))
	switch {
	case len(b) == 0:
		return 0, 0
	case m.seals&(sealWrite|sealFutureWrite) != 0, m.seals&sealGrow != 0 && end > int64(len(m.data)):
		return 0, syscall.EPERM
	}
	if end > int64(len(m.data)) {
		m.resize(end)
	}
	copy(m.data[m.at:], b)
	m.at = end
	return len(b), 0
}

// resize keeps the array as long as it is large enough: mappings share it. A
// file that grows beyond it while it is mapped is torn from its mappings.
func (m *memfd) resize(size int64) {
	old := int64(len(m.data))
	switch {
	case size < old:
		clear(m.data[size:])
		m.data = m.data[:size]
	case size <= int64(cap(m.data)):
		m.data = m.data[:size]
	case m.maps > 0:
		panic("kernel: a file in memory grows beyond what is mapped of it, which is not simulated")
	default:
		m.data = append(make([]byte, 0, pages(size)), m.data...)[:size]
	}
}

func pages(size int64) int64 { return (size + page - 1) / page * page }

func (p *Proc) memfd(fd int) (*memfd, sys.Errno) {
	p.enter()
	f, e := p.file(fd)
	if e != 0 {
		return nil, e
	}
	if m, ok := f.obj.(*memfd); ok {
		return m, 0
	}
	return nil, syscall.EINVAL
}

// Truncate sets the length of a file.
func (p *Proc) Truncate(fd int, size int64) sys.Errno {
	m, e := p.memfd(fd)
	switch {
	case size < 0:
		return syscall.EINVAL
	case e != 0:
		return e
	case size < int64(len(m.data)) && m.seals&sealShrink != 0, size > int64(len(m.data)) && m.seals&sealGrow != 0:
		return syscall.EPERM
	}
	m.resize(size)
	return 0
}

// Size is the length of a file; 0 for what is none.
func (p *Proc) Size(fd int) (int64, sys.Errno) {
	m, e := p.memfd(fd)
	switch e {
	case 0:
		return int64(len(m.data)), 0
	case syscall.EINVAL:
		return 0, 0
	}
	return 0, e
}

// Seal adds seals. EBUSY: it is mapped and could be written there.
func (p *Proc) Seal(fd, seals int) sys.Errno {
	m, e := p.memfd(fd)
	switch {
	case e != 0:
		return e
	case seals&^(sealSeal|sealShrink|sealGrow|sealWrite|sealFutureWrite|sealExec) != 0:
		return syscall.EINVAL
	case m.seals&sealSeal != 0:
		return syscall.EPERM
	case seals&sealWrite != 0 && m.seals&sealWrite == 0 && m.maps > 0:
		return syscall.EBUSY
	}
	m.seals |= seals
	return 0
}

// Seals are those of a file.
func (p *Proc) Seals(fd int) (int, sys.Errno) {
	m, e := p.memfd(fd)
	if e != 0 {
		return 0, e
	}
	return m.seals, 0
}

// Map shows the first length bytes of a file. Behind its end there are zeros,
// where the real kernel has a fault.
func (p *Proc) Map(fd, length int) ([]byte, sys.Errno) {
	p.enter()
	f, e := p.file(fd)
	if e != 0 {
		return nil, e
	}
	m, ok := f.obj.(*memfd)
	switch {
	case length <= 0:
		return nil, syscall.EINVAL
	case !ok:
		return nil, unmappable(f.obj)
	case m.seals&(sealWrite|sealFutureWrite) != 0:
		return nil, syscall.EPERM
	}
	if cap(m.data) < length {
		size := int64(len(m.data))
		m.resize(int64(length))
		m.data = m.data[:size]
	}
	mem := m.data[:length:length]
	m.maps++
	p.maps = append(p.maps, mapped{f.hold(), mem})
	return mem, 0
}

// unmappable is why what is no file in memory is not mapped. TCP has memory to
// show, but not to write.
func unmappable(o object) sys.Errno {
	if _, ok := o.(*tcp); ok {
		return syscall.EPERM
	}
	return syscall.ENODEV
}

// Unmap ends a mapping. EINVAL: b is not what Map returned.
func (p *Proc) Unmap(b []byte) sys.Errno {
	p.enter()
	for i, m := range p.maps {
		if len(b) == len(m.mem) && len(b) > 0 && &b[0] == &m.mem[0] {
			p.maps = slices.Delete(p.maps, i, i+1)
			m.end()
			return 0
		}
	}
	return syscall.EINVAL
}

func (m mapped) end() {
	m.file.obj.(*memfd).maps--
	m.file.drop()
}

// Mapped is how many mappings the process has.
func (p *Proc) Mapped() int { return len(p.maps) }
