package precon_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/precon/precontest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// lone starts one side whose peer is the test.
func (w *world) lone(ev *tevent.Context, active bool) (*outcome, *tsocket.Stream) {
	x, y := tsocket.Pipe(ev, tsocket.PipeConfig{})
	e := endpoint(ev, "e", precontest.Arch{ID: "x", Steps: 1})
	return w.watch(e.Negotiate(x, active)), y
}

// drained reads until the end and returns what came.
func drained(t testing.TB, ev *tevent.Context, s *tsocket.Stream) []byte {
	t.Helper()
	var all []byte
	for {
		b, err := tevent.Wait(ev, s.Peek(1))
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Errorf("the end is %v", err)
			}
			return all
		}
		all = append(all, b...)
		s.Consume(len(b))
	}
}

// types are the frame types that can come, one nobody knows and one to skip.
var types = []wire.Type{wire.TypeVersion, wire.TypeConInfo, wire.TypeReq, wire.TypeStep, wire.TypeOK, wire.TypeNext,
	wire.TypeEOF, wire.TypeFail, wire.TypeProbe, 0, 0x7fffffff, 0x80000000, 0xffffffff}

// A header that announces too much ends the negotiation before anything of it is
// stored, in every state.
func TestLengthsAreCheckedBeforeAnythingIsStored(t *testing.T) {
	for side := range 2 {
		for n := range 8 { // frames that pass before
			for _, typ := range types {
				most, _ := typ.MaxPayload()
				for _, size := range []uint32{0x7fffffff, 0xfffffffc, 0xffffffff, most + 1, wire.MaxPayload + 1} {
					inRound(t, func(t testing.TB) { oversized(t, side, n, typ, size) })
				}
			}
		}
	}
}

func oversized(t testing.TB, side, n int, typ wire.Type, size uint32) {
	w, ev := newWorld(t, 1)
	mine, theirs := ladder()
	r, x, y := newRelay(ev)
	seen, way := 0, r.ways[side]
	way.edit = func(f []byte) []byte {
		if seen++; seen != n+1 {
			return f
		}
		return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(typ)), size)
	}
	r.run()
	before := allocated()
	a, p := w.watch(endpoint(ev, "a", mine...).Negotiate(x, true)), w.watch(endpoint(ev, "p", theirs...).Negotiate(y, false))
	turn(t, ev, func() bool { return a.ended() && p.ended() })
	if grown := allocated() - before; grown > 1<<20 {
		t.Errorf("%d bytes allocated", grown)
	}
	alike(t, w, a, p)
	for _, o := range []*outcome{a, p} {
		if o.conn != nil {
			o.conn.Close()
		}
	}
	idle(t, ev)
	r.close()
	if t.Failed() {
		t.Fatalf("side %d, frame %d, type %v, size %#x: active %+v, passive %+v", side, n, typ, size, a, p)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// Bytes at random, and proper frames with some of their bits turned.
func TestGarbageEndsTypedAndInTime(t *testing.T) {
	seed := newSeed(t)
	chance := rand.New(rand.NewPCG(seed, 2))
	for range 5000 {
		inRound(t, func(t testing.TB) { garbage(t, chance) })
		if t.Failed() {
			return
		}
	}
}

func garbage(t testing.TB, chance *rand.Rand) {
	w, ev := newWorld(t, chance.Uint64())
	mine, theirs := ladder()
	r, x, y := newRelay(ev)
	way := r.ways[chance.IntN(2)]
	at := chance.IntN(10)
	way.edit = func(f []byte) []byte {
		if at--; at >= 0 {
			return f
		}
		f = bytes.Clone(f)
		switch chance.IntN(4) {
		case 0:
			return f[:chance.IntN(len(f)+1)]
		case 1:
			return append(f, f...)
		case 2:
			f = make([]byte, chance.IntN(100))
		}
		for range chance.IntN(8) * min(1, len(f)) {
			f[chance.IntN(len(f))] ^= 1 << chance.IntN(8)
		}
		return f
	}
	r.run()
	a, p := w.watch(endpoint(ev, "a", mine...).Negotiate(x, true)), w.watch(endpoint(ev, "p", theirs...).Negotiate(y, false))
	turn(t, ev, func() bool { return a.ended() && p.ended() })
	alike(t, w, a, p)
	for _, o := range []*outcome{a, p} {
		if o.conn != nil {
			o.conn.Close()
		}
	}
	r.close()
	idle(t, ev)
}

// FuzzSession is a peer that writes b: whole frames where b can be read as
// those, to a side that has answered what came before.
func FuzzSession(f *testing.F) {
	f.Add(true, []byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	f.Add(false, []byte("GET / HTTP/1.1\r\n\r\n"))
	hello := wire.Hello{Range: wire.Spoken, Role: wire.Active}.Frame().Bytes()
	info := wire.ConInfo{Nonce: wire.ID{1}, Role: wire.Active, Services: wire.Stream,
		Offers: []wire.Offer{{Arch: "x", Preference: 1, Services: wire.Stream}}}.Frame().Bytes()
	req := wire.Req{Attempt: 1, Arch: "x"}.Frame().Bytes()
	step := wire.Step{Attempt: 1, Data: []byte("x 0 true")}.Frame().Bytes()
	f.Add(false, hello)
	f.Add(false, bytes.Join([][]byte{hello, info, req, step}, nil))
	f.Add(true, append(hello, info...))
	f.Fuzz(func(t *testing.T, active bool, b []byte) {
		w, ev := newWorld(t, 1)
		o, peer := w.lone(ev, active)
		if len(b) > 0 {
			peer.Send(b).Ignore()
		}
		turn(t, ev, func() bool { return o.ended() })
		if o.conn != nil {
			o.conn.Close()
		} else {
			typed(t, o.err)
		}
		if o.at > timeout {
			t.Errorf("ended after %v", o.at)
		}
		peer.Close()
		idle(t, ev)
	})
}

func TestStrangersAreClosedWithoutAnAnswer(t *testing.T) {
	for _, text := range []string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "SSH-2.0-x\r\n", "\x00", "TRACE / HTTP/1.1\r\n"} {
		w, ev := newWorld(t, 1)
		o, peer := w.lone(ev, false)
		peer.Send([]byte(text)).Ignore()
		if got := drained(t, ev, peer); len(got) > 0 {
			t.Errorf("%q was answered %q", text, got)
		}
		want(t, o.err, precon.ErrStranger)
		if w.now() > 0 {
			t.Errorf("closed after %v", w.now())
		}
		peer.Close()
		idle(t, ev)
	}
}

func TestTLSIsRefusedWithAnAlert(t *testing.T) {
	w, ev := newWorld(t, 1)
	o, peer := w.lone(ev, false)
	hello := append([]byte{22, 3, 1, 2, 0, 1, 0, 1, 252}, make([]byte, 508)...)
	peer.Send(hello).Ignore()
	if got, want := drained(t, ev, peer), []byte{21, 3, 1, 0, 2, 2, 40}; !bytes.Equal(got, want) {
		t.Errorf("answered %v, want %v", got, want)
	}
	peer.Close()
	turn(t, ev, func() bool { return o.ended() })
	want(t, o.err, precon.ErrStranger)
	if !strings.Contains(o.err.Error(), "TLS") {
		t.Error(o.err)
	}
	idle(t, ev)
}

// A client of TLS that neither reads nor closes does not hold the bootstrap.
func TestTLSClientThatStaysIsClosed(t *testing.T) {
	w, ev := newWorld(t, 1)
	o, peer := w.lone(ev, false)
	peer.Send([]byte{22, 3, 1}).Ignore()
	turn(t, ev, func() bool { return o.ended() })
	want(t, o.err, precon.ErrStranger)
	if w.now() > slack {
		t.Errorf("after %v", w.now())
	}
	peer.Close()
	idle(t, ev)
}

func TestReflectionIsFound(t *testing.T) {
	w, ev := newWorld(t, 1)
	o, peer := w.lone(ev, true)
	echo(peer)
	turn(t, ev, func() bool { return o.ended() })
	want(t, o.err, precon.ErrMirror)
	idle(t, ev)
	peer.Close()
}

func echo(s *tsocket.Stream) {
	s.Peek(1).SetCallback(func(r tevent.Req[[]byte]) {
		b, err := r.Result()
		if err != nil {
			return
		}
		s.Send(bytes.Clone(b)).Ignore()
		s.Consume(len(b))
		echo(s)
	})
}

func TestPeerOfAnotherVersionIsNamedWithBothRanges(t *testing.T) {
	for _, active := range []bool{true, false} {
		w, ev := newWorld(t, 1)
		o, peer := w.lone(ev, active)
		role := wire.Active
		if active {
			role = wire.Passive
		}
		peer.Send(wire.Hello{Range: wire.Range{Lo: 7, Hi: 9}, Role: role}.Frame().Bytes()).Ignore()
		got := frames(drained(t, ev, peer))
		want(t, o.err, precon.ErrVersion)
		if s := o.err.Error(); !strings.Contains(s, "1 to 1") || !strings.Contains(s, "7 to 9") {
			t.Error(s)
		}
		hello, err := wire.DecodeHello(got[0][8:])
		if err != nil || hello.Range != wire.Spoken {
			t.Error(hello, err)
		}
		fail, err := wire.DecodeFail(got[len(got)-1][8:])
		if err != nil || fail.Reason != wire.Version {
			t.Error(fail, err)
		}
		peer.Close()
		idle(t, ev)
	}
}

// What stands between two sides and changes a byte is found, also without a key.
func TestChangedTranscriptIsFound(t *testing.T) {
	w, ev := newWorld(t, 1)
	r, x, y := newRelay(ev)
	r.ways[0].edit = func(f []byte) []byte { return bytes.Replace(f, []byte("alice"), []byte("mally"), 1) }
	r.run()
	a, p := w.watch(endpoint(ev, "alice").Negotiate(x, true)), w.watch(endpoint(ev, "p").Negotiate(y, false))
	turn(t, ev, func() bool { return a.ended() && p.ended() })
	want(t, a.err, precon.ErrConfirm)
	want(t, p.err, precon.ErrConfirm)
	idle(t, ev)
	r.close()
}
