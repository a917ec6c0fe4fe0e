package precon_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// sentinels are all that an *Error can be.
var sentinels = []error{precon.ErrNoCommonPath, precon.ErrVersion, precon.ErrPeerClosed, precon.ErrStranger, precon.ErrMirror,
	precon.ErrPolicy, precon.ErrProtocol, precon.ErrSameID, precon.ErrNeedTLS, precon.ErrConfirm, tevent.ErrDeadline, context.Canceled}

// Each reason on the wire is one sentinel and no other, and the text of the peer
// is quoted on the error's one line.
func TestEachReasonIsOneSentinel(t *testing.T) {
	for reason, target := range map[wire.Reason]error{
		wire.Order: precon.ErrProtocol, wire.Timeout: tevent.ErrDeadline, wire.Refused: precon.ErrProtocol,
		wire.Failed: precon.ErrProtocol, wire.Cancelled: context.Canceled, wire.Policy: precon.ErrPolicy,
		wire.Protocol: precon.ErrProtocol, wire.Version: precon.ErrVersion, wire.SameID: precon.ErrSameID,
		wire.NoPath: precon.ErrNoCommonPath, wire.NeedTLS: precon.ErrNeedTLS, wire.Confirm: precon.ErrConfirm,
		wire.Followed: precon.ErrProtocol, 9999: precon.ErrProtocol,
	} {
		for _, active := range []bool{true, false} {
			err := told(t, active, wire.Fail{Reason: reason, Text: "no\nluck \x1b[2J"})
			for _, s := range sentinels {
				if errors.Is(err, s) != (s == target) {
					t.Errorf("%v is %v: %t", err, s, errors.Is(err, s))
				}
			}
			e := &precon.Error{}
			if !errors.As(err, &e) || !e.ByPeer || e.Reason != reason || e.Text != "no\nluck \x1b[2J" || e.Timeout() != (reason == wire.Timeout) {
				t.Errorf("%+v", e)
			}
			if s := err.Error(); strings.ContainsAny(s, "\n\x1b") || !strings.Contains(s, `"no\nluck \x1b[2J"`) {
				t.Errorf("%q", s)
			}
			if reason == wire.Timeout && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error(err)
			}
		}
	}
}

// told is the error of a side whose peer says f.
func told(t testing.TB, active bool, f wire.Fail) error {
	w, ev := newWorld(t, 1)
	o, peer := w.lone(ev, active)
	role := wire.Active
	if active {
		role = wire.Passive
	}
	peer.Send(wire.Hello{Range: wire.Spoken, Role: role}.Frame().Bytes()).Ignore()
	peer.Send(f.Frame().Bytes()).Ignore()
	peer.SendShutdown().Ignore()
	turn(t, ev, o.ended)
	idle(t, ev)
	peer.Close()
	return o.err
}

func TestLossSaysWhatTheSystemSaid(t *testing.T) {
	w, ev := newWorld(t, 1)
	a, p := w.meet(ev, endpoint(ev, "a"), endpoint(ev, "p"), tsocket.PipeConfig{AtoB: tsocket.PipeFault{Kind: tsocket.PipeReset, At: 30}})
	for _, o := range []*outcome{a, p} {
		want(t, o.err, precon.ErrPeerClosed)
		want(t, o.err, syscall.ECONNRESET)
		if e := typed(t, o.err); e.Reason != 0 || e.ByPeer {
			t.Errorf("%+v", e)
		}
	}
	idle(t, ev)
}

// Names of the peer's choice do not break lines.
func TestPlanAndErrorAreOneLinePerArch(t *testing.T) {
	w, ev := newWorld(t, 1)
	x, _ := scripted(false)
	h := handmade{func(o *ownHalf, _ bool, _ *precon.Channel) { o.Fail(errors.New("line\nbreak")) }}
	a, p := w.meet(ev, endpoint(ev, "a\nb", append(x, h)...), endpoint(ev, "c\nd", h), tsocket.PipeConfig{})
	for _, o := range []*outcome{a, p} {
		e := typed(t, o.err)
		if s := e.Error(); strings.Contains(s, "\n") || !strings.Contains(s, `line\nbreak`) {
			t.Errorf("%q", s)
		}
		if s := e.Plan.String(); strings.Count(s, "\n") != len(e.Plan.Lines) {
			t.Errorf("%q", s)
		}
	}
	idle(t, ev)
}
