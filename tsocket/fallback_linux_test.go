package tsocket_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// deaths are what can become of the epoll descriptor behind the loop's back.
var deaths = map[string]func(t *testing.T, ep int){
	"closed": func(t *testing.T, ep int) { must(t, unix.Close(ep)) },
	"another's": func(t *testing.T, ep int) {
		fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
		must(t, err)
		must(t, unix.Dup3(fd, ep, unix.O_CLOEXEC))
		must(t, unix.Close(fd))
		t.Cleanup(func() { must(t, unix.Close(ep)) }) // it was left alone
	},
}

// kept are the contexts of these tests: the collector would close the file of a
// Poller whose descriptor is somebody else's by now.
var kept []*tevent.Context

func TestNothingIsLostWhenEpollFailsInTheMiddle(t *testing.T) {
	for name, kill := range deaths {
		t.Run(name, func(t *testing.T) { outlive(t, kill) })
	}
}

// outlive has one operation of every kind wait when epoll dies.
func outlive(t *testing.T, kill func(*testing.T, int)) {
	teventtest.Process(t)
	before := epolls(t)
	ev, err := tevent.New()
	must(t, err)
	kept = append(kept, ev)
	teventtest.Watch(t, ev)
	var log bytes.Buffer
	ev.SetLogger(slog.New(slog.NewTextHandler(&log, nil)))
	a, b := tcpPair(t, ev)
	c, d, err := tsocket.Socketpair(ev)
	must(t, err)
	l, err := tsocket.Listen(ev, address(t, "127.0.0.1:0"))
	must(t, err)
	t.Cleanup(func() { l.Close() })
	closing(t, a, b, c, d)
	var pipe [2]int
	must(t, unix.Pipe2(pipe[:], unix.O_CLOEXEC|unix.O_NONBLOCK))
	defer unix.Close(pipe[0])
	defer unix.Close(pipe[1])
	called := 0
	watch, err := tevent.NewFD(ev, pipe[0], tevent.FDRead, func(tevent.Flags) {
		called++
		unix.Read(pipe[0], make([]byte, 8))
	})
	must(t, err)
	defer watch.Close()

	text := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	got, all := make([]byte, 4), make([]byte, len(text))
	reading, writing, accepting := b.Readv(got), c.Writev(text), l.Accept()
	turns(t, ev, 3)
	for ep := range epolls(t) {
		if !before[ep] {
			kill(t, ep)
		}
	}
	write(t, ev, a, "ping")
	done(t, ev, reading)
	done(t, ev, d.Readv(all))
	done(t, ev, writing)
	other := done(t, ev, tsocket.Connect(ev, l.Addr()))
	accepted := done(t, ev, accepting)
	closing(t, other, accepted)
	_, err = unix.Write(pipe[1], []byte("x"))
	must(t, err)
	done(t, ev, tevent.Sleep(ev, time.Millisecond))
	if string(got) != "ping" || !bytes.Equal(all, text) || called != 1 {
		t.Errorf("read %q, long text whole %v, FD event called %d times", got, bytes.Equal(all, text), called)
	}
	if n := strings.Count(log.String(), "backend"); n != 1 || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("the logger was told:\n%s", &log)
	}
}

// epolls are the epoll descriptors of the process.
func epolls(t *testing.T) map[int]bool {
	t.Helper()
	fds, err := linux.Descriptors()
	must(t, err)
	found := map[int]bool{}
	for fd, what := range fds {
		if what == "anon_inode:[eventpoll]" {
			found[fd] = true
		}
	}
	return found
}
