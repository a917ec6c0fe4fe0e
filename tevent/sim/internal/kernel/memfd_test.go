package kernel

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestMappingsOfAFileAreTheSameMemory(t *testing.T) {
	w := newWorld(t)
	fd := w.fd(w.a.Memfd("ring"))
	w.ok(w.a.Truncate(fd, 8192))
	x, e := w.a.Map(fd, 8192)
	w.ok(e)
	y, e := w.a.Map(w.fd(w.a.Dup(fd)), 4096)
	w.ok(e)
	x[7] = 'x'
	if y[7] != 'x' || w.a.Mapped() != 2 {
		t.Fatal(y[7], w.a.Mapped())
	}
	w.ok(w.a.Unmap(x))
	w.want(w.a.Unmap(x), syscall.EINVAL)
	w.ok(w.a.Unmap(y))
	if w.a.Mapped() != 0 {
		t.Fatal(w.a.Mapped())
	}
}

func TestSealsForbidWhatTheySay(t *testing.T) {
	w := newWorld(t)
	fd := w.fd(w.a.Memfd("ring"))
	w.ok(w.a.Truncate(fd, 4096))
	w.ok(w.a.Seal(fd, sealShrink|sealGrow))
	w.want(w.a.Truncate(fd, 4095), syscall.EPERM)
	w.want(w.a.Truncate(fd, 4097), syscall.EPERM)
	w.ok(w.a.Truncate(fd, 4096))
	b, e := w.a.Map(fd, 4096)
	w.ok(e)
	w.want(w.a.Seal(fd, sealWrite), syscall.EBUSY)
	w.ok(w.a.Unmap(b))
	w.ok(w.a.Seal(fd, sealWrite|sealSeal))
	_, e = w.a.Write(fd, []byte("x"))
	w.want(e, syscall.EPERM)
	w.want(w.a.Seal(fd, sealGrow), syscall.EPERM)
	seals, e := w.a.Seals(fd)
	w.ok(e)
	if seals != sealSeal|sealShrink|sealGrow|sealWrite {
		t.Fatal(seals)
	}
	_, e = w.a.Seals(w.unix(syscall.SOCK_DGRAM))
	w.want(e, syscall.EINVAL)
}

func TestACounterCountsAndReports(t *testing.T) {
	w := newWorld(t)
	fd, q := w.fd(w.a.Eventfd(0)), w.a.Poller()
	b := make([]byte, 8)
	_, e := w.a.Read(fd, b)
	w.want(e, syscall.EAGAIN)
	w.ok(q.Add(fd, 7, sys.Edge))
	for range 3 {
		b[0] = 2
		_, e := w.a.Write(fd, b)
		w.ok(e)
		w.events(q, sys.Event{Token: 7, Ready: sys.In}) // also when nobody has read
	}
	_, e = w.a.Read(fd, b)
	w.ok(e)
	if b[0] != 6 {
		t.Fatal(b)
	}
	full := []byte{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	_, e = w.a.Write(fd, full)
	w.ok(e)
	_, e = w.a.Write(fd, b)
	w.want(e, syscall.EAGAIN)
	w.isReady(w.a, fd, sys.In)
}
