//go:build linux

package tsocket_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// operation is one of those that the table is about.
type operation struct {
	faulttest.Op
	prepare func(g *stage)
	run     func(g *stage) error // starts it and waits
	again   func(g *stage) error // once more on the same stream; nil if there is none
}

const words = "the quick brown fox jumps over the lazy dog, and over and over it"

var lengthy = strings.Repeat(words, 300)

func operations(dir string) []operation {
	path := "unix:" + filepath.Join(dir, "s")
	nothing := func(*stage) {}
	pair := func(g *stage) { g.pair(0) }
	return []operation{
		{Op: faulttest.Op{Name: "listen", Opens: true}, prepare: nothing, run: runListen},
		{Op: faulttest.Op{Name: "listen unix", Unix: true, Opens: true}, prepare: nothing, run: func(g *stage) error { return runListenUnix(g, path) }},
		{Op: faulttest.Op{Name: "connect tcp", Late: true}, prepare: nothing, run: func(g *stage) error { return runConnect(g, "127.0.0.1:0", "") }},
		{Op: faulttest.Op{Name: "connect tcp from", Late: true}, prepare: nothing, run: func(g *stage) error { return runConnect(g, "127.0.0.1:0", "127.0.0.1:0") }},
		{Op: faulttest.Op{Name: "connect unix", Unix: true}, prepare: nothing, run: func(g *stage) error { return runConnect(g, path, "") }},
		{Op: faulttest.Op{Name: "accept", Accepts: true}, prepare: func(g *stage) { g.listen(3) }, run: runAccept},
		{Op: faulttest.Op{Name: "accept later", Accepts: true}, prepare: func(g *stage) { g.listen(0) }, run: runAcceptLater},
		{Op: faulttest.Op{Name: "readv", Reads: true}, prepare: pair, run: runReadv, again: runReadv},
		{Op: faulttest.Op{Name: "readv exact"}, prepare: func(g *stage) { g.pair(0); g.s.SetReadAhead(0) }, run: runReadv, again: runReadv},
		{Op: faulttest.Op{Name: "peek", Reads: true}, prepare: pair, run: runPeek, again: runPeek},
		{Op: faulttest.Op{Name: "writev"}, prepare: pair, run: runWritev, again: runWritev},
		{Op: faulttest.Op{Name: "writev long", Long: true}, prepare: func(g *stage) { g.pair(4608) }, run: runLongWritev},
		{Op: faulttest.Op{Name: "send", AtOnce: true}, prepare: pair, run: runSend, again: runSend},
		{Op: faulttest.Op{Name: "shutdown", AtOnce: true}, prepare: pair, run: runShutdown},
		{Op: faulttest.Op{Name: "disconnect"}, prepare: pair, run: runDisconnect},
	}
}

// wait runs the loop until r has ended; it drops r when the loop fails.
func wait[T any](g *stage, r tevent.Req[T]) (T, error) {
	v, err := tevent.Wait(g.ev, r.SetTimeout(g.wait))
	if r.InProgress() {
		r.Drop()
		err = faulttest.LoopError{Err: err}
	}
	return v, err
}

func runListen(g *stage) error {
	l, err := tsocket.Listen(g.ev, address(g.t, "127.0.0.1:0"))
	g.l = l
	return err
}

// runListenUnix complains also when a listener that is none leaves its name.
func runListenUnix(g *stage, addr string) error {
	l, err := tsocket.Listen(g.ev, address(g.t, addr))
	if err == nil {
		err = l.Close()
	}
	if _, there := os.Lstat(strings.TrimPrefix(addr, "unix:")); there == nil && !g.keeps {
		return errors.New("the name is left")
	}
	os.Remove(strings.TrimPrefix(addr, "unix:"))
	return err
}

func runConnect(g *stage, addr, from string) error {
	to := g.rawListener(addr)
	var local tsocket.Address
	if from != "" {
		local = address(g.t, from)
	}
	s, err := wait(g, tsocket.ConnectFrom(g.ev, local, to))
	g.s = s
	return err
}

func runAccept(g *stage) error {
	s, err := wait(g, g.l.Accept())
	g.s = s
	return err
}

func runAcceptLater(g *stage) error {
	r := g.l.Accept()
	g.later = tevent.NewImmediate(g.ev, func() {
		for range 3 {
			g.peers = append(g.peers, raw(g.t, g.l))
		}
	})
	g.later.Schedule()
	s, err := wait(g, r)
	g.s = s
	return err
}

// prefix complains unless got is a beginning of want, and all of it if err is nil.
func prefix(got, want string, err error) error {
	if !strings.HasPrefix(want, got) || err == nil && got != want {
		return fmt.Errorf("the bytes are %q, not of %q, beside %v", got, want, err)
	}
	return err
}

func runReadv(g *stage) error {
	b := make([]byte, len(words))
	r := g.s.Readv(b[:10], b[10:])
	g.peerWrites(words)
	n, err := wait(g, r)
	return prefix(string(b[:n]), words, err)
}

func runPeek(g *stage) error {
	r := g.s.Peek(len(words))
	g.peerWrites(words)
	b, err := wait(g, r)
	text := string(b)
	g.s.Consume(len(b))
	return prefix(text, words, err)
}

// received complains unless the peer has exactly the n bytes that were told.
func (g *stage) received(n int, want string, err error) error {
	if got := rawRead(g.t, g.peers[0], n); got != want[:n] {
		return fmt.Errorf("the peer has %q of %d bytes", got, n)
	}
	if err == nil && n != len(want) {
		return fmt.Errorf("%d bytes of %d are a success", n, len(want))
	}
	return err
}

func runWritev(g *stage) error {
	n, err := wait(g, g.s.Writev([]byte(words[:10]), []byte(words[10:])))
	return g.received(n, words, err)
}

func runSend(g *stage) error {
	first := g.s.Send([]byte(words[:20]))
	n, err := wait(g, g.s.Send([]byte(words[20:])))
	k, err1 := wait(g, first)
	if err1 != nil {
		err = err1
	}
	return g.received(n+k, words, err)
}

func runLongWritev(g *stage) error {
	r := g.s.Writev([]byte(lengthy[:5]), []byte(lengthy[5:]))
	g.drain()
	n, err := wait(g, r)
	if got := g.taken(); len(got) != n && !errors.As(err, new(faulttest.LoopError)) {
		return fmt.Errorf("the peer has %d bytes, %d were told", len(got), n)
	}
	return prefix(string(g.got), lengthy, err)
}

func runShutdown(g *stage) error {
	s := g.s.Send([]byte(words))
	s.Ignore()
	_, err := wait(g, g.s.SendShutdown())
	if err == nil {
		return g.received(len(words), words, nil)
	}
	return err
}

func runDisconnect(g *stage) error {
	_, err := wait(g, g.s.Disconnect())
	return err
}

func TestFaultTable(t *testing.T) {
	teventtest.Process(t) // from here on the runtime opens no descriptors of its own
	ran, fired := 0, 0
	for _, op := range operations(t.TempDir()) {
		t.Run(op.Name, func(t *testing.T) {
			for _, c := range record(t, op) {
				ran++
				if c.fires(t) {
					fired++
				}
			}
		})
	}
	t.Logf("cells run = %d, cells in which the fault fired = %d", ran, fired)
	if ran != fired || ran < 1000 {
		t.Errorf("%d cells ran, the fault fired in %d", ran, fired)
	}
}

// record runs op without a fault and makes the cells of the calls it makes.
func record(t *testing.T, op operation) []cell {
	t.Helper()
	g := newStage(t)
	g.wait = patience
	op.prepare(g)
	g.in.Record(true)
	if err := op.run(g); err != nil {
		t.Fatal(err)
	}
	all := cells(op, g.in.Log(), g.fd)
	if left := g.end(); left != nil {
		t.Fatalf("without a fault: left %v", left)
	}
	return all
}

// fires runs one cell until its fault has fired, and reports whether it has. On
// a loaded machine the kernel answers a turn earlier or later now and then, and
// the last of several calls is not made.
func (c cell) fires(t *testing.T) bool {
	t.Helper()
	for range 10 {
		if c.show(t) {
			return true
		}
	}
	t.Errorf("%v: the fault never fires", c)
	return false
}

// show runs one cell and reports whether its fault fired.
func (c cell) show(t *testing.T) bool {
	t.Helper()
	g := newStage(t)
	want := c.Verdict()
	g.wait = patienceFor(want)
	c.op.prepare(g)
	if c.own {
		c.Plan.FD = g.fd
	}
	g.keeps = c.Plan.Call == fault.Unlink && c.Plan.Errno != unix.EINTR
	f := g.in.Inject(c.Plan)
	g.in.Record(true)
	g.watch.on = true
	err := c.op.run(g)
	g.watch.on = false
	g.in.Record(false)
	if !want.Is(err, c.Plan.Errno) {
		t.Errorf("%v: the result is %v, want %v", c, err, want)
	}
	if w := g.watch; w.empty > 3*w.events {
		t.Errorf("%v: %d empty turns beside %d events", c, w.empty, w.events)
	}
	f.Stop()
	g.keeps = false
	c.fresh(g, want)
	if left := g.end(); left != nil {
		t.Errorf("%v: left %v", c, left)
	}
	return f.Fired() > 0
}

// fresh shows that a request works when the fault is over: on the same stream
// if the fault was nothing that sticks, and on another.
func (c cell) fresh(g *stage, was faulttest.Verdict) {
	g.t.Helper()
	g.wait = patience
	if was == faulttest.Succeeds && c.op.again != nil {
		if err := c.op.again(g); err != nil {
			g.t.Errorf("%v: a fresh request on the same stream: %v", c, err)
		}
	}
	g.clear()
	c.op.prepare(g)
	if err := c.op.run(g); err != nil {
		g.t.Errorf("%v: a fresh request: %v", c, err)
	}
}
