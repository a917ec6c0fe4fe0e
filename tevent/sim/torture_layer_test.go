//go:build unix

package sim_test

import (
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/socks5"
)

// layerOperations are those of what has layers, and of the end in steps. What a
// failure of one step means for those below is any of several: Loose.
func layerOperations() []operation {
	list := []operation{
		{Op: faulttest.Op{Name: "shutdown read", AtOnce: true, Loose: true}, prepare: prepareStream, run: runShutdownRead},
		{Op: faulttest.Op{Name: "shutdown both", AtOnce: true, Loose: true}, prepare: prepareStream, run: runShutdownBoth},
		{Op: faulttest.Op{Name: "layers readv", Reads: true}, run: runReadv, again: runReadv},
		{Op: faulttest.Op{Name: "layers writev"}, run: runWritev, again: runWritev},
		{Op: faulttest.Op{Name: "layers send shutdown", AtOnce: true}, run: runSendShutdown},
		{Op: faulttest.Op{Name: "layers shutdown both", AtOnce: true, Loose: true}, run: runShutdownBoth},
		{Op: faulttest.Op{Name: "layers disconnect", AtOnce: true}, run: runDisconnect},
		{Op: faulttest.Op{Name: "layers close", AtOnce: true}, run: func(g *scene) error { return g.s.Close() }},
		{Op: faulttest.Op{Name: "layers monitor"}, run: runMonitor},
		{Op: faulttest.Op{Name: "layers set event context", AtOnce: true}, run: runMove, again: runMove},
		{Op: faulttest.Op{Name: "socks5", Late: true, Loose: true}, prepare: prepareProxy, run: runSocks5},
	}
	for i := range list {
		if list[i].prepare == nil {
			list[i].prepare = prepareLayers
		}
	}
	return list
}

// prepareLayers lays two layers on a stream to the far side.
func prepareLayers(g *scene) {
	prepareStream(g)
	g.s = g.lay(tsocket.DataLayer, g.lay(tsocket.CtrlLayer, g.s))
}

func (g *scene) lay(role tsocket.Role, s *tsocket.Stream) *tsocket.Stream {
	l := must(tsocket.LayerConfig{Name: "plain", Role: role}.Lay(s, &tsocket.Transparent{Lower: s}))
	return l.Done(tsocket.Address{}, tsocket.Address{})
}

func runShutdownRead(g *scene) error {
	_, err := result(g, g.s.ShutdownRead())
	return err
}

func runShutdownBoth(g *scene) error {
	_, err := result(g, g.s.ShutdownWrite())
	if _, err2 := result(g, g.s.ShutdownRead()); err == nil {
		err = err2
	}
	return err
}

// proxySays is what a proxy answers to whatever it is asked.
const proxySays = "\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"

// prepareProxy has the far side speak first.
func prepareProxy(g *scene) { g.far.greeting = proxySays }

func runSocks5(g *scene) (err error) {
	g.s, err = result(g, socks5.Dial(g.ev, g.far.addr, "tcp", "192.0.2.1:80"))
	const asks = "\x05\x01\x00\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50"
	g.sends(asks, len(asks))
	g.cutIn = err != nil // how far it came is not told
	return err
}

// broken is a layer, or a transport, that fails what it is told to.
type broken struct {
	tsocket.Transparent
	step   tsocket.ShutStep
	fails  error
	stays  bool // it cannot leave its loop, or join one
	closes error
}

func (l *broken) StartShut(x *tsocket.Shut) {
	if l.fails != nil && x.Step() == l.step {
		x.Finish(l.fails)
	} else {
		x.Finish(nil)
	}
}

func (l *broken) Detach() error {
	if l.stays {
		return syscall.EBUSY
	}
	return l.Transparent.Detach()
}

func (l *broken) Close() error { return l.closes }

// layBroken lays a layer that is not what it should be.
func (g *scene) layBroken(l *broken) *tsocket.Layer {
	l.Lower = g.s
	layer := must(tsocket.LayerConfig{Name: "broken", Role: tsocket.DataLayer}.Lay(g.s, l))
	g.s = layer.Done(tsocket.Address{}, tsocket.Address{})
	return layer
}

var errBroken = errors.New("broken")

func TestTortureOfALayerThatCannotEnd(t *testing.T) {
	for _, step := range []tsocket.ShutStep{tsocket.ShutRead, tsocket.ShutWrite, tsocket.ShutClose} {
		inScene(t, faulttest.Op{}, func(g *scene) error {
			g.layBroken(&broken{step: step, fails: errBroken, closes: errBroken})
			if _, err := result(g, g.s.Disconnect()); !errors.Is(err, errBroken) {
				g.notef("%v: %v", step, err)
			}
			return g.s.Close()
		})
	}
}

// A connection that has failed is read to the end, and knows no more then.
func TestTortureOfALayerThatFails(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		layer := g.layBroken(&broken{})
		g.far.write("before")
		g.sleep(patience)
		layer.Fail(errBroken)
		layer.Fail(io.ErrNoProgress)
		g.refused(errBroken, g.s, writes)
		if _, err := result(g, g.s.Readv(make([]byte, 6))); err != nil {
			g.notef("what came before: %v", err)
		}
		g.far.shut()
		if _, err := result(g, g.s.Readv(make([]byte, 1))); !errors.Is(err, io.EOF) {
			g.notef("the end: %v", err)
		}
		g.sleep(time.Millisecond)
		if _, err := result(g, g.s.Monitor()); !errors.Is(err, errBroken) {
			g.notef("monitor: %v", err)
		}
		if err := g.s.SetEventContext(nil); err != nil {
			g.notef("it cannot leave: %v", err)
		}
		if err := g.s.SetEventContext(g.ev); err != nil {
			g.notef("it cannot come back: %v", err)
		}
		return g.s.Close()
	})
}

func TestTortureOfALayerThatCannotLeave(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		g.layBroken(&broken{stays: true})
		if err := g.s.SetEventContext(nil); !errors.Is(err, syscall.EBUSY) {
			g.notef("it left: %v", err)
		}
		return g.s.Close()
	})
}

// What cannot join a loop stays where it is.
func TestTortureOfALayerThatCannotJoin(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		g.layBroken(&broken{})
		g.note(g.s.SetEventContext(nil))
		g.w.Inject(sim.Plan{{Kind: sim.Fails, Proc: "near", Call: "Add", Nth: 1, Errno: syscall.ENOMEM}})
		if err := g.s.SetEventContext(g.ev); !errors.Is(err, syscall.ENOMEM) {
			g.notef("it joined: %v", err)
		}
		return g.s.Close()
	})
}

func TestTortureOfWhatCannotHaveALayer(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		lay := func(role tsocket.Role, want error) {
			layer, err := tsocket.LayerConfig{Role: role}.Lay(g.s, &tsocket.Transparent{Lower: g.s})
			if !errors.Is(err, want) || layer != nil {
				g.notef("%v, want %v", err, want)
			}
		}
		lay(tsocket.Role(7), syscall.EINVAL)
		r := g.s.Readv(make([]byte, 1))
		lay(tsocket.CtrlLayer, syscall.EBUSY)
		r.Drop()
		_, err := result(g, g.s.ShutdownWrite())
		g.note(err)
		lay(tsocket.CtrlLayer, syscall.ENOTCONN)
		if _, err := result(g, g.s.ShutdownRead()); err != nil {
			g.notef("shutdown read: %v", err)
		}
		lay(tsocket.CtrlLayer, syscall.ENOTCONN)
		return g.s.Close()
	})
}

// A stream below that is closed by somebody is no longer there for the layers.
func TestTortureOfALayerWithoutItsStream(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		below := g.s
		g.layBroken(&broken{})
		below.Close()
		if _, err := result(g, g.s.SendShutdown()); err == nil {
			g.notef("an end without a stream")
		}
		return g.s.Close()
	})
}

// What the stream below was told before, or beside, its layer is told too.
func TestTortureOfALayerOnWhatHasEnded(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		below := g.s
		g.far.shut()
		if _, err := result(g, below.Readv(make([]byte, 1))); !errors.Is(err, io.EOF) {
			g.notef("below: %v", err)
		}
		g.layBroken(&broken{})
		g.refused(io.EOF, g.s, reads[:2])
		g.far.reset()
		g.sleep(patience)
		if _, err := result(g, below.Writev([]byte(words))); !errors.Is(err, syscall.EPIPE) {
			g.notef("below: %v", err)
		}
		called := false
		g.s.SetWriteableHandler(func() {
			called = true
			g.s.SetWriteableHandler(nil)
		})
		g.until(func() bool { return called })
		g.refused(syscall.EPIPE, g.s, writes[:1])
		return g.s.Close()
	})
}

// A step that is retained when its connection is closed ends with the time for it.
func TestTortureOfALayerThatLingers(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		held := &holds{}
		held.Lower = g.s
		cfg := tsocket.LayerConfig{Name: "holds", Role: tsocket.DataLayer, Linger: time.Second}
		layer := must(cfg.Lay(g.s, held))
		g.s = layer.Done(tsocket.Address{}, tsocket.Address{})
		r := g.s.Disconnect()
		r.SetTimeout(time.Millisecond)
		if _, err := tevent.Wait(g.ev, r); !errors.Is(err, tevent.ErrDeadline) {
			g.notef("disconnect: %v", err)
		}
		g.note(g.s.Close())
		g.sleep(2 * time.Second)
		return nil
	})
}

// holds is a layer that never finishes a step.
type holds struct{ tsocket.Transparent }

func (*holds) StartShut(*tsocket.Shut) {}
