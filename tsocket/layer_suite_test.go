//go:build linux

package tsocket_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// Streams with layers keep every rule that others keep.

func TestStreamOverATransparentLayer(t *testing.T) {
	streamSuite(t, layered(tcpPair, transparent))
}

func TestStreamOverTransparentLayers(t *testing.T) {
	streamSuite(t, layered(socketpair, transparent, transparent, transparent))
}

func TestStreamOverALayerInMemory(t *testing.T) {
	streamSuite(t, layered(func(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		return tsocket.Pipe(ev, tsocket.PipeConfig{Seed: 7})
	}, transparent))
}

func TestStreamOverATransparentLayerInASimulatedWorld(t *testing.T) {
	tsockettest.StreamSuiteIn(t, simtest.Run, layered(func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		return connected(t, ev, address(t, "10.0.0.1:0"))
	}, transparent, transparent))
}

// laying puts a layer on a stream.
type laying func(t testing.TB, role tsocket.Role, below *tsocket.Stream) *tsocket.Stream

// layered lays layers on both ends of a pair, ctrl and data in turn.
func layered(pair tsockettest.NewPair, layers ...laying) tsockettest.NewPair {
	return func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		a, b = pair(t, ev)
		for i, lay := range layers {
			role := []tsocket.Role{tsocket.CtrlLayer, tsocket.DataLayer}[i%2]
			a, b = lay(t, role, a), lay(t, role, b)
		}
		return a, b
	}
}

func transparent(t testing.TB, role tsocket.Role, below *tsocket.Stream) *tsocket.Stream {
	t.Helper()
	l, err := tsocket.LayerConfig{Name: "plain", Role: role}.Lay(below, &tsocket.Transparent{Lower: below})
	must(t, err)
	return l.Done(tsocket.Address{}, tsocket.Address{})
}

// What a Veil has begun to send when it is closed by force is not waited for.
func veiled(t testing.TB, _ tsocket.Role, below *tsocket.Stream) *tsocket.Stream {
	t.Helper()
	_, s, err := tsockettest.LayVeil(tsocket.LayerConfig{Linger: -1}, below)
	must(t, err)
	return s
}

func TestStreamOverAVeil(t *testing.T) {
	streamSuite(t, layered(tcpPair, veiled))
}

func TestStreamOverAVeilAndAnotherLayer(t *testing.T) {
	streamSuite(t, layered(tcpPair, transparent, veiled))
}

func TestStreamOverAVeilInMemory(t *testing.T) {
	streamSuite(t, layered(func(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		return tsocket.Pipe(ev, tsocket.PipeConfig{})
	}, veiled))
}

func TestStreamOverAVeilInASimulatedWorld(t *testing.T) {
	tsockettest.StreamSuiteIn(t, simtest.Run, layered(func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		return connected(t, ev, address(t, "10.0.0.1:0"))
	}, veiled))
}

// A layer begins where its handshake ended, with what was read beyond it.
func TestALayerHasWhatTheStreamBelowHadReadAhead(t *testing.T) {
	ev := teventtest.New(t)
	a, below := socketpair(t, ev)
	closing(t, a, below)
	write(t, ev, a, "hello|and more")
	read(t, ev, below, "hello|")
	if string(below.Buffered()) != "and more" {
		t.Fatal("nothing was read ahead")
	}
	s := transparent(t, tsocket.CtrlLayer, below)
	closing(t, s)
	if n, err := s.Pending(); n != 8 || err != nil {
		t.Errorf("%d bytes are pending, %v", n, err)
	}
	s.SetReadAhead(0)
	read(t, ev, s, "and")
	write(t, ev, a, "!")
	must(t, s.SetEventContext(nil))
	must(t, s.SetEventContext(ev))
	read(t, ev, s, " more!")
}

// What a transport can besides, it can below layers.
func TestOptionsAreThoseOfTheSocketBelow(t *testing.T) {
	ev := teventtest.New(t)
	a, b := layered(tcpPair, transparent, transparent)(t, ev)
	closing(t, a, b)
	must(t, a.Options().SetNoDelay(false))
	if on, err := a.Options().NoDelay(); on || err != nil {
		t.Errorf("no delay %v, %v", on, err)
	}
}
