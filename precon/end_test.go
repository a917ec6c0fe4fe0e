package precon_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/precon/precontest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// stage is two sides behind a relay that can hold a frame back.
type stage struct {
	w    *world
	ev   *tevent.Context
	r    *relay
	reqs [2]tevent.Req[*precon.Conn]
	outs [2]*outcome
}

func newStage(t testing.TB, mine, theirs []precon.Arch) *stage {
	w, ev := newWorld(t, 1)
	s := &stage{w: w, ev: ev}
	var x, y *tsocket.Stream
	s.r, x, y = newRelay(ev)
	s.reqs = [2]tevent.Req[*precon.Conn]{endpoint(ev, "a", mine...).Negotiate(x, true), endpoint(ev, "p", theirs...).Negotiate(y, false)}
	for i, r := range s.reqs {
		s.outs[i] = w.watch(r)
	}
	return s
}

// hold lets nothing of a side pass from its first frame of type typ on.
func (s *stage) hold(side int, typ wire.Type) {
	held := false
	s.r.ways[side].edit = func(f []byte) []byte {
		if held = held || wire.Type(binary.BigEndian.Uint32(f)) == typ; held {
			return nil
		}
		return f
	}
}

func (s *stage) ended(t testing.TB) {
	turn(t, s.ev, func() bool { return s.outs[0].ended() && s.outs[1].ended() })
}

func (s *stage) close(t testing.TB) {
	for _, o := range s.outs {
		if o.conn != nil {
			o.conn.Close()
		}
	}
	idle(t, s.ev)
	s.r.close()
}

func scripted(beside bool) (mine, theirs []precon.Arch) {
	var m *precontest.Meeting
	if beside {
		m = precontest.NewMeeting(nil)
	}
	a, p := pairOf("x", 1, m, precontest.Script{}, precontest.Script{})
	return []precon.Arch{a}, []precon.Arch{p}
}

// committed is a stage on which one side has a connection and the other waits
// for the verdict that the relay keeps.
func committed(t testing.TB, side int, beside bool) (s *stage, c *precon.Conn) {
	mine, theirs := scripted(beside)
	s = newStage(t, mine, theirs)
	s.hold(side, wire.TypeOK)
	s.r.run()
	turn(t, s.ev, func() bool { return s.outs[side].ended() })
	if s.outs[side].conn == nil {
		t.Fatal(s.outs[side].err)
	}
	return s, s.outs[side].conn
}

func eachCommitted(t *testing.T, f func(t *testing.T, side int, beside bool)) {
	for side := range 2 {
		for _, beside := range []bool{false, true} {
			t.Run(fmt.Sprintf("side=%d/beside=%t", side, beside), func(t *testing.T) { f(t, side, beside) })
		}
	}
}

// FAIL instead of EOF: the reads and writes that wait and the first that follow
// get it.
func TestFailInsteadOfEOFIsTheConnsError(t *testing.T) {
	eachCommitted(t, func(t *testing.T, side int, beside bool) {
		s, c := committed(t, side, beside)
		waiting := c.Stream().Readv(make([]byte, 1))
		s.reqs[1-side].Cancel()
		for _, err := range []error{
			waitErr(t, s.ev, waiting),
			waitErr(t, s.ev, c.Stream().Readv(make([]byte, 1))),
			waitErr(t, s.ev, c.Stream().Writev([]byte("x"))),
			waitErr(t, s.ev, c.Stream().Send([]byte("x"))),
		} {
			if e := typed(t, err); e != nil && (!e.ByPeer || e.Reason != wire.Cancelled || !errors.Is(err, context.Canceled)) {
				t.Error(err)
			}
		}
		want(t, s.outs[1-side].err, context.Canceled)
		s.close(t)
	})
}

// The peer says nothing more: at the deadline the connection fails.
func TestCommitOfOneSideEndsAtTheDeadline(t *testing.T) {
	eachCommitted(t, func(t *testing.T, side int, beside bool) {
		s, c := committed(t, side, beside)
		silence(s.r.ways[1-side])
		s.r.ways[1-side].over = true
		err := waitErr(t, s.ev, c.Stream().Readv(make([]byte, 1)))
		want(t, err, tevent.ErrDeadline)
		typed(t, err)
		if at := s.w.now(); at != timeout {
			t.Errorf("failed after %v", at)
		}
		s.ended(t)
		typed(t, s.outs[1-side].err)
		s.close(t)
	})
}

// A user who closes before the peer has committed leaves nothing behind, and the
// peer knows.
func TestConnClosedBeforeThePeerCommitted(t *testing.T) {
	eachCommitted(t, func(t *testing.T, side int, beside bool) {
		s, c := committed(t, side, beside)
		c.Close()
		want(t, waitErr(t, s.ev, c.Stream().Readv(make([]byte, 1))), tevent.ErrStale, errClosed)
		if !beside {
			s.r.ways[side].edit = nil
		}
		s.ended(t)
		typed(t, s.outs[1-side].err)
		s.close(t)
	})
}

// A user who closes in the callback.
func TestConnClosedAtOnce(t *testing.T) {
	for side := range 2 {
		for _, beside := range []bool{false, true} {
			mine, theirs := scripted(beside)
			s := newStage(t, mine, theirs)
			var other *outcome
			s.reqs[side].SetCallback(func(r tevent.Req[*precon.Conn]) {
				c, err := r.Result()
				if err != nil {
					t.Error(err)
					return
				}
				c.Close()
			})
			s.r.run()
			other = s.outs[1-side]
			turn(t, s.ev, func() bool { return other.ended() })
			if other.err != nil {
				typed(t, other.err)
			} else {
				waitErr(t, s.ev, other.conn.Stream().Readv(make([]byte, 1)))
			}
			s.close(t)
		}
	}
}

// The user withdraws after each frame that either side has sent: he is free at
// once, and the peer is told why, or finds its connection failed.
func TestCancelInEveryPhaseTellsThePeer(t *testing.T) {
	for _, course := range courses() {
		for who := range 2 {
			for side := range 2 {
				for n, whole := 0, false; !whole; n++ {
					inRound(t, func(t testing.TB) { whole = cancelBehind(t, course, who, side, n) })
				}
			}
		}
	}
}

func cancelBehind(t testing.TB, course func() (mine, theirs []precon.Arch), who, side, n int) (whole bool) {
	mine, theirs := course()
	s := newStage(t, mine, theirs)
	seen := 0
	s.r.ways[side].edit = func(f []byte) []byte {
		if seen == n {
			s.outs[who].withdrawn = s.reqs[who].Cancel()
		}
		seen++
		return f
	}
	s.r.run()
	s.ended(t)
	me, peer := s.outs[who], s.outs[1-who]
	if me.withdrawn {
		want(t, me.err, context.Canceled)
		if at := s.w.now(); at > slack {
			t.Errorf("ended after %v", at)
		}
		if peer.err != nil && !errors.Is(peer.err, precon.ErrNoCommonPath) {
			want(t, peer.err, context.Canceled, precon.ErrPeerClosed, precon.ErrStranger)
		}
	}
	alike(t, s.w, s.outs[0], s.outs[1])
	s.close(t)
	return seen <= n
}

func TestSilentPeerEndsAtTheTimeout(t *testing.T) {
	for _, active := range []bool{true, false} {
		for _, d := range []time.Duration{0, time.Second, time.Minute} {
			w, ev := newWorld(t, 1)
			x, y := tsocket.Pipe(ev, tsocket.PipeConfig{})
			e := precon.NewEndpoint(ev, precon.Config{Archs: plain, Timeout: d})
			o := w.watch(e.Negotiate(x, active))
			turn(t, ev, func() bool { return o.ended() })
			want(t, o.err, tevent.ErrDeadline)
			if limit := max(d, timeout*time.Duration(b2i(d == 0))); o.at != limit {
				t.Errorf("ended after %v, want %v", o.at, limit)
			}
			idle(t, ev)
			y.Close()
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A half that promised to end and does not, does not hold the request, and a
// second later not the bootstrap either.
func TestHalfThatNeverLetsGoDoesNotHoldTheRequest(t *testing.T) {
	mine, theirs := scripted(false)
	stuck := precontest.Arch{ID: "x", Steps: 1, Script: precontest.Script{Does: precontest.Hangs, Keeps: time.Hour}}
	for side := range 2 {
		archs := [2][]precon.Arch{mine, theirs}
		archs[side] = []precon.Arch{stuck}
		s := newStage(t, archs[0], archs[1])
		s.r.run()
		s.ended(t)
		for _, o := range s.outs {
			typed(t, o.err)
			if o.at > timeout {
				t.Errorf("ended after %v", o.at)
			}
		}
		s.close(t)
	}
}

// Nor does the endpoint know of it for longer than that.
func TestHalfThatNeverLetsGoIsForsaken(t *testing.T) {
	w, ev := newWorld(t, 1)
	mine, _ := scripted(false)
	stuck := precontest.Arch{ID: "x", Steps: 1, Script: precontest.Script{Does: precontest.Hangs, Keeps: time.Hour}}
	p := endpoint(ev, "p", stuck)
	x, y := tsocket.Pipe(ev, tsocket.PipeConfig{})
	a, b := w.watch(endpoint(ev, "a", mine...).Negotiate(x, true)), w.watch(p.Negotiate(y, false))
	turn(t, ev, func() bool { return a.ended() && b.ended() })
	if p.Inbound() != 1 {
		t.Error("the half was forsaken early")
	}
	wait(t, ev, tevent.Sleep(ev, slack))
	if p.Inbound() != 0 {
		t.Error("the half holds the negotiation")
	}
	idle(t, ev)
}

// Beside a path the bootstrap lives as long as the negotiation, and a second
// longer if the peer does not close it.
func TestBootstrapBesideAPathIsClosedWhenBothHaveCommitted(t *testing.T) {
	for _, lost := range []bool{false, true} {
		mine, theirs := scripted(true)
		s := newStage(t, mine, theirs)
		s.r.run()
		s.ended(t)
		limit := time.Duration(0)
		if lost {
			silence(s.r.ways[0])
			silence(s.r.ways[1])
			limit = timeout
		}
		idle(t, s.ev)
		if at := s.w.now(); at > limit {
			t.Errorf("closed after %v", at)
		}
		if !lost {
			talk(t, s.ev, s.outs[0].conn, s.outs[1].conn)
		}
		s.close(t)
	}
}

// Closing the context ends everything that is under way.
func TestContextClosedInEveryPhase(t *testing.T) {
	for _, course := range courses() {
		for n := range 40 {
			inRound(t, func(t testing.TB) {
				mine, theirs := course()
				s := newStage(t, mine, theirs)
				s.r.run()
				for range n {
					if s.outs[0].ended() && s.outs[1].ended() {
						break
					}
					if err := s.ev.LoopOnce(); err != nil {
						t.Fatal(err)
					}
				}
				s.ev.Close()
				for _, o := range s.outs {
					if o.conn != nil {
						o.conn.Close()
					} else if o.err == nil {
						t.Error("a request without an outcome")
					}
				}
				s.r.close()
			})
		}
	}
}
