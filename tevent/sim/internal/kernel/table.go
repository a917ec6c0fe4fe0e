package kernel

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// table is the descriptors of a process: a new one is the lowest that is free.
type table struct {
	files []*file
	low   int // all below are in use
	limit int
}

// free is the descriptor that the next file gets. EMFILE: there is none.
func (t *table) free() (int, sys.Errno) {
	for t.low < len(t.files) && t.files[t.low] != nil {
		t.low++
	}
	if t.low >= t.limit {
		return -1, syscall.EMFILE
	}
	return t.low, 0
}

// add makes a descriptor that stands for f and takes over its hold.
func (t *table) add(f *file) (int, sys.Errno) {
	fd, e := t.free()
	if e != 0 {
		return -1, e
	}
	if fd == len(t.files) {
		t.files = append(t.files, nil)
	}
	t.files[fd] = f
	return fd, 0
}

func (t *table) get(fd int) *file {
	if uint(fd) >= uint(len(t.files)) {
		return nil
	}
	return t.files[fd]
}

// remove frees fd and returns what it stood for.
func (t *table) remove(fd int) *file {
	f := t.get(fd)
	if f != nil {
		t.files[fd] = nil
		t.low = min(t.low, fd)
	}
	return f
}
