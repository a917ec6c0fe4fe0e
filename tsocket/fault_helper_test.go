//go:build linux

package tsocket_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys/backend"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// stage is where one operation runs once: a context whose system fails, and a
// peer of plain sockets.
type stage struct {
	t      *testing.T
	ev     *tevent.Context
	in     *fault.Injector
	log    bytes.Buffer // warnings of the context
	fds    int          // descriptors of the process before
	s      *tsocket.Stream
	l      *tsocket.Listener
	fd     int      // of s, as far as it is known
	peers  []int    // plain descriptors
	wait   waitTime // how long an operation may take
	got    []byte   // what the peer of a long write received
	drains *tevent.FD
	keeps  bool              // a name cannot be removed
	later  *tevent.Immediate // what the peer does when the operation waits
	watch  watch
}

func newStage(t *testing.T) *stage {
	t.Helper()
	fds, err := linux.Descriptors()
	must(t, err)
	g := &stage{t: t, fds: len(fds)}
	system, err := backend.Open(teventtest.Backend())
	must(t, err)
	g.in = fault.New(system.Kernel, system.Poller)
	g.ev = tevent.NewOn(g.in.Kernel(), g.in.Poller(), system.Host)
	g.watch.g = g
	g.ev.SetTrace(g.watch.trace)
	g.ev.SetLogger(slog.New(slog.NewTextHandler(&g.log, nil)))
	return g
}

// clear closes everything of one run.
func (g *stage) clear() {
	if g.drains != nil {
		g.drains.Close()
	}
	if g.later != nil {
		g.later.Cancel()
	}
	if g.s != nil {
		g.s.Close()
	}
	if g.l != nil {
		g.l.Close()
	}
	for _, fd := range g.peers {
		unix.Close(fd)
	}
	g.s, g.l, g.fd, g.peers, g.got, g.drains, g.later = nil, nil, 0, nil, nil, nil, nil
}

// end closes the context and tells what is left.
func (g *stage) end() (left []string) {
	g.clear()
	for it := range g.ev.Items() {
		left = append(left, it.String())
	}
	if err := g.ev.Close(); err != nil {
		left = append(left, err.Error())
	}
	if g.ev.Driver().Buffers.Taken() != 0 {
		left = append(left, "receive buffers")
	}
	if g.log.Len() > 0 {
		left = append(left, g.log.String())
	}
	fds, err := linux.Descriptors()
	must(g.t, err)
	if len(fds) != g.fds {
		left = append(left, "descriptors")
	}
	return left
}

// watch counts turns in which nothing was reported and nothing ran, and what
// was reported: events of descriptors, and timers and deadlines that came.
type watch struct {
	g      *stage
	on     bool
	seen   int  // entries of the log before the turn
	ran    bool // something, in the turn
	empty  int
	events int
}

func (w *watch) trace(e *tevent.TraceEvent) {
	if !w.on {
		return
	}
	switch {
	case e.Point == tevent.BeforeTurn:
		w.seen, w.ran = len(w.g.in.Log()), false
	case e.Point == tevent.BeforeHandler:
		w.ran = true
		if e.Kind == tevent.KindTimer {
			w.events++
		}
	case e.Point == tevent.Finished && errors.Is(e.Err, tevent.ErrDeadline):
		w.events++
	case e.Point == tevent.AfterTurn:
		w.turned(w.g.in.Log()[w.seen:])
	}
}

// turned counts a turn in which these calls were made.
func (w *watch) turned(calls []fault.Entry) {
	for _, c := range calls {
		if c.Call == fault.Wait && c.Errno == 0 {
			w.events += c.N
			if c.N == 0 && !w.ran {
				w.empty++
			}
		}
	}
}

// pair makes s one end of a socketpair that buffers size bytes, 0 for what is
// usual; the other end is a plain descriptor.
func (g *stage) pair(size int) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(g.t, err)
	if size > 0 {
		must(g.t, unix.SetsockoptInt(fds[0], unix.SOL_SOCKET, unix.SO_SNDBUF, size))
	}
	g.peers = append(g.peers, fds[1])
	g.s, err = tsocket.FromFD(g.ev, fds[0])
	must(g.t, err)
	g.fd = fds[0]
}

// listen makes l a listener with n connections that wait.
func (g *stage) listen(n int) {
	l, err := tsocket.Listen(g.ev, address(g.t, "127.0.0.1:0"))
	must(g.t, err)
	g.l = l
	for range n {
		g.peers = append(g.peers, raw(g.t, l))
	}
}

// rawListener is a plain listening socket.
func (g *stage) rawListener(addr string) tsocket.Address {
	family, sa := unix.AF_INET, unix.Sockaddr(&unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	if path, ok := strings.CutPrefix(addr, "unix:"); ok {
		os.Remove(path)
		family, sa = unix.AF_UNIX, &unix.SockaddrUnix{Name: path}
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(g.t, err)
	g.peers = append(g.peers, fd)
	must(g.t, unix.Bind(fd, sa))
	must(g.t, unix.Listen(fd, 10))
	if family == unix.AF_UNIX {
		return address(g.t, addr)
	}
	name, err := unix.Getsockname(fd)
	must(g.t, err)
	ap := address(g.t, "127.0.0.1:0").AddrPort()
	return tsocket.Inet(netipPort(ap, name.(*unix.SockaddrInet4).Port))
}

// peerWrites writes text from the loop, when what was started waits.
func (g *stage) peerWrites(text string) {
	g.later = tevent.NewImmediate(g.ev, func() { rawWrite(g.t, g.peers[0], text) })
	g.later.Schedule()
}

// drain has the peer take what comes, a little each turn.
func (g *stage) drain() {
	must(g.t, unix.SetNonblock(g.peers[0], true))
	d, err := tevent.NewFD(g.ev, g.peers[0], tevent.FDRead, func(tevent.Flags) { g.take() })
	must(g.t, err)
	g.drains = d
}

func (g *stage) take() {
	b := make([]byte, 8192)
	n, err := unix.Read(g.peers[0], b)
	if err == nil {
		g.got = append(g.got, b[:n]...)
	}
}

// taken is all that the peer has received.
func (g *stage) taken() string {
	for n := -1; n != len(g.got); {
		n = len(g.got)
		g.take()
	}
	return string(g.got)
}
