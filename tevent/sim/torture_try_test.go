//go:build unix

package sim_test

import (
	"errors"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// tryOperations are those of a connected stream by handlers and calls that do not
// wait.
func tryOperations() []operation {
	list := []operation{
		{Op: faulttest.Op{Name: "try readv", Reads: true}, run: runTryReadv, again: runTryReadv},
		{Op: faulttest.Op{Name: "try writev", AtOnce: true}, run: runTryWritev, again: runTryWritev},
		{Op: faulttest.Op{Name: "try writev long", Long: true}, run: runLongTryWritev},
		{Op: faulttest.Op{Name: "options", AtOnce: true, Asks: true}, run: runOptions, again: runOptions},
	}
	for i := range list {
		list[i].prepare = prepareStream
	}
	return list
}

// byHandlers is a request that handlers complete.
type byHandlers struct {
	tevent.Op[int]
	n   int
	set func(f func())
}

// handled has try called by the handler that set sets, until it has moved size bytes
// or fails.
func handled(g *scene, size int, set func(f func()), try func(n int) (int, error)) tevent.Req[int] {
	o := &byHandlers{set: set}
	o.Start(g.ev, "by handlers")
	o.SetCancel(o.end)
	set(func() {
		n, err := try(o.n)
		o.n += n
		if err != nil && !errors.Is(err, syscall.EAGAIN) {
			o.end(err)
		} else if o.n == size {
			o.end(nil)
		}
	})
	return o.Req()
}

func (o *byHandlers) end(err error) bool {
	o.set(nil)
	o.Finish(o.n, err)
	return true
}

// runTryReadv asks first when nothing is there.
func runTryReadv(g *scene) error {
	b := make([]byte, len(words))
	if _, err := g.s.TryReadv(b); !errors.Is(err, syscall.EAGAIN) {
		return err
	}
	r := handled(g, len(b), g.s.SetReadableHandler, func(n int) (int, error) { return g.s.TryReadv(b[n:]) })
	later := tevent.NewTimer(g.ev, func() { g.far.write(words) }) // when it has begun to wait
	later.Reset(time.Millisecond)
	n, err := result(g, r)
	later.Stop()
	return prefix(string(b[:n]), words, err)
}

func runTryWritev(g *scene) error { return tryWritev(g, words, func() {}) }

func runLongTryWritev(g *scene) error { return tryWritev(g, lengthy, g.far.listen) }

// tryWritev writes text, and has the far side listen when it has begun.
func tryWritev(g *scene, text string, begun func()) error {
	r := handled(g, len(text), g.s.SetWriteableHandler, func(n int) (int, error) { return g.s.TryWritev([]byte(text[n:])) })
	begun()
	n, err := result(g, r)
	g.sends(text, n)
	return err
}

func runTrySendMessage(g *scene) error { return trySend(g, words) }

func runTrySendFrame(g *scene) error { return trySend(g, framed) }

// trySend sends words by the writeable handler of messages; wire is what the far side
// gets.
func trySend(g *scene, wire string) error {
	r := handled(g, len(words), g.m.SetWriteableHandler, func(int) (int, error) {
		return g.m.TrySend([]byte(words[:9]), []byte(words[9:]))
	})
	n, err := result(g, r)
	if n > 0 {
		n = len(wire)
	}
	g.sends(wire, n)
	return err
}

func runTryRecvMessage(g *scene) error {
	return tryRecv(g, func() { g.far.post(func(m *tsocket.Messages) { m.Send([]byte(words)).Ignore() }) })
}

func runTryRecvFrame(g *scene) error { return tryRecv(g, func() { g.far.write(framed) }) }

// tryRecv receives words by the readable handler of messages.
func tryRecv(g *scene, send func()) error {
	b := make([]byte, 100)
	r := handled(g, len(words), g.m.SetReadableHandler, func(int) (int, error) {
		got, err := g.m.TryRecv(b)
		return got.N, err
	})
	later := tevent.NewTimer(g.ev, send) // when it has begun to wait
	later.Reset(time.Millisecond)
	n, err := result(g, r)
	later.Stop()
	return prefix(string(b[:n]), words, err)
}

// runTryAccept waits for a connection by the listener's handler.
func runTryAccept(g *scene) error {
	return tryAccept(g, g.l.SetReadableHandler, func() (err error) {
		g.s, err = g.l.TryAccept()
		return err
	})
}

// runTryAcceptMessages asks first when there is no connection.
func runTryAcceptMessages(g *scene) error {
	accept := func() error { return g.keep(g.posts.TryAccept()) }
	if err := accept(); !errors.Is(err, syscall.EAGAIN) {
		return err
	}
	g.far.connectMessages(g.posts.Addr())
	return tryAccept(g, g.posts.SetReadableHandler, accept)
}

func tryAccept(g *scene, set func(f func()), accept func() error) error {
	_, err := result(g, handled(g, 1, set, func(int) (int, error) {
		if err := accept(); err != nil {
			return 0, err
		}
		return 1, nil
	}))
	return err
}

// runOptions changes an option and asks for it.
func runOptions(g *scene) error {
	o := g.s.Options()
	if err := o.Set("SO_REUSEADDR", true, "yes"); !errors.Is(err, syscall.EINVAL) {
		return err
	}
	if err := o.Set("SO_REUSEADDR", true, "1"); err != nil {
		return err
	}
	on, err := o.Get("SO_REUSEADDR", true)
	if err == nil && on != "1" {
		return errors.New("the option is off")
	}
	return err
}
