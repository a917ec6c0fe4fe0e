//go:build linux

package linux

import (
	"fmt"
	"os"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// BenchmarkWait is why the loop parks and why transfers are raw calls: one
// operation is a message to a goroutine that sends it back, with a number of
// sockets in flight at the same time.
func BenchmarkWait(b *testing.B) {
	for _, sockets := range []int{1, 32} {
		for _, wait := range []string{"park", "block"} {
			for _, call := range []string{"raw", "syscall"} {
				b.Run(fmt.Sprintf("%s/%s/sockets=%d", wait, call, sockets), func(b *testing.B) {
					newPingPong(b, wait == "block", call == "syscall").run(b, sockets)
				})
			}
		}
	}
}

type pingPong struct {
	k      *Kernel
	p      *Poller
	wait   func(events []sys.Event) int
	recv   func(fd int, m *sys.Msg) (int, sys.Errno)
	send   func(fd int, m *sys.Msg) (int, sys.Errno)
	events [64]sys.Event
}

func newPingPong(b *testing.B, block, syscall bool) *pingPong {
	k, p := newPoller(b)
	pp := &pingPong{k: k, p: p, recv: k.Recvmsg, send: k.Sendmsg}
	pp.wait = func(events []sys.Event) int {
		n, e := p.Wait(events, sys.Never)
		must(b, e)
		return n
	}
	if block {
		pp.wait = func(events []sys.Event) int { return blockingWait(b, p, events) }
	}
	if syscall {
		pp.recv, pp.send = slowTransfer(unix.SYS_RECVFROM), slowTransfer(unix.SYS_SENDTO)
	}
	return pp
}

// blockingWait keeps a thread in epoll_wait.
func blockingWait(b *testing.B, p *Poller, events []sys.Event) int {
	n, _, e := unix.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.ep),
		uintptr(unsafe.Pointer(&p.raw[0])), uintptr(len(events)), ^uintptr(0), 0, 0)
	if e == unix.EINTR {
		return 0
	}
	must(b, e)
	for i := range n {
		events[i] = event(&p.raw[i])
	}
	return int(n)
}

// slowTransfer tells the scheduler about a call that cannot block.
func slowTransfer(call uintptr) func(int, *sys.Msg) (int, sys.Errno) {
	return func(fd int, m *sys.Msg) (int, sys.Errno) {
		buf := m.Bufs[0]
		n, _, e := unix.Syscall6(call, uintptr(fd), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)),
			sendFlags, 0, 0)
		return int(n), e
	}
}

func (pp *pingPong) run(b *testing.B, sockets int) {
	m := &sys.Msg{Bufs: [][]byte{make([]byte, 64)}}
	for range sockets {
		fd := pp.peer(b)
		must(b, pp.p.Add(fd, uint64(fd), sys.Edge))
		defer pp.k.Close(fd)
		pp.ping(b, fd, m)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; {
		n := pp.wait(pp.events[:])
		for _, ev := range pp.events[:n] {
			if _, e := pp.recv(int(ev.Token), m); e == unix.EAGAIN {
				continue
			}
			pp.ping(b, int(ev.Token), m)
			done++
		}
	}
}

func (pp *pingPong) ping(b *testing.B, fd int, m *sys.Msg) {
	_, e := pp.send(fd, m)
	must(b, e)
}

// peer returns a socket whose other end is with a goroutine that echoes; it
// ends when the socket is closed.
func (pp *pingPong) peer(b *testing.B) int {
	fds, e := pp.k.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(b, e)
	far := os.NewFile(uintptr(fds[1]), "peer")
	go func() {
		defer far.Close()
		buf := make([]byte, 64)
		for {
			n, err := far.Read(buf)
			if err != nil {
				return
			}
			if _, err := far.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	return fds[0]
}

// BenchmarkWake is why Wake makes a deadline pass instead of writing to an
// eventfd: one operation wakes a sleeping loop and hears that it is up.
func BenchmarkWake(b *testing.B) {
	b.Run("deadline", func(b *testing.B) {
		_, p := newPoller(b)
		wakeAndHear(b, p, p.Wake)
	})
	b.Run("eventfd", func(b *testing.B) {
		k, p := newPoller(b)
		fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
		if err != nil {
			b.Fatal(err)
		}
		defer k.Close(fd)
		must(b, p.Add(fd, 7, sys.Edge))
		one := uint64(1)
		wakeAndHear(b, p, func() {
			unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&one)), 8)
		})
	})
	b.Run("awake", func(b *testing.B) {
		_, p := newPoller(b)
		for b.Loop() {
			p.Wake()
		}
	})
}

func wakeAndHear(b *testing.B, p *Poller, wake func()) {
	up, quit, end := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(end)
		events := make([]sys.Event, 4)
		for {
			p.Wait(events, sys.Never)
			select {
			case up <- struct{}{}:
			case <-quit:
				return
			}
		}
	}()
	b.ReportAllocs()
	for b.Loop() {
		wake()
		<-up
	}
	close(quit)
	wake()
	<-end
}

func BenchmarkLook(b *testing.B) {
	_, p := newPoller(b)
	events := make([]sys.Event, 64)
	for b.Loop() {
		p.Wait(events, look)
	}
}

func BenchmarkSleepUntilDeadline(b *testing.B) {
	k, p := newPoller(b)
	events := make([]sys.Event, 64)
	b.ReportAllocs()
	for b.Loop() {
		p.Wait(events, k.Now()+int64(time.Microsecond))
	}
}

func BenchmarkTransfer(b *testing.B) {
	k := NewKernel()
	for _, n := range []int{1, 2, 8} {
		b.Run(fmt.Sprintf("buffers=%d", n), func(b *testing.B) {
			s := pair(b, k)
			m := &sys.Msg{}
			for range n {
				m.Bufs = append(m.Bufs, make([]byte, 64/n))
			}
			b.ReportAllocs()
			for b.Loop() {
				k.Sendmsg(s[0], m)
				k.Recvmsg(s[1], m)
			}
		})
	}
}
