//go:build linux

package tsocket_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// answer is what a scripted level does when it is asked for a step.
type answer uint8

const (
	finishes answer = iota
	postpones
	breaks
)

func (o answer) String() string { return [...]string{"done", "postponed", "failed"}[o] }

// brokenError is how a scripted level fails.
type brokenError struct{ level string }

func (e brokenError) Error() string { return e.level + " is broken" }

// scripted is a layer, or the transport of the lowest stream, that does what its
// script says and notes what it is asked for.
type scripted struct {
	name   string
	log    *[]string
	script map[tsocket.ShutStep]answer
	held   []*tsocket.Shut // what it has postponed
	r      *tsocket.Read
	w      *tsocket.Write
	closed int
}

func (l *scripted) note(what any) { *l.log = append(*l.log, fmt.Sprintf("%s.%v", l.name, what)) }

func (l *scripted) StartShut(x *tsocket.Shut) {
	l.note(x.Step())
	switch l.script[x.Step()] {
	case postpones:
		l.held = append(l.held, x)
	case breaks:
		x.Finish(brokenError{l.name})
	default:
		x.Finish(nil)
	}
}

// resume finishes what was postponed first.
func (l *scripted) resume(err error) {
	x := l.held[0]
	l.held = l.held[1:]
	x.Finish(err)
}

func (l *scripted) Close() error {
	l.closed++
	l.held = nil
	return nil
}

// StartWrite takes nothing.
func (l *scripted) StartWrite(w *tsocket.Write) {
	if w.Empty() {
		w.Finish(nil)
	} else {
		l.w = w
	}
}

func (l *scripted) StartRead(r *tsocket.Read)       { l.r = r }
func (l *scripted) CancelRead()                     { l.r = nil }
func (l *scripted) CancelWrite()                    { l.w = nil }
func (l *scripted) Monitor(func(error))             {}
func (l *scripted) Pending() (int, error)           { return 0, nil }
func (l *scripted) Attach(ev *tevent.Context) error { return nil }
func (l *scripted) Detach() error                   { return nil }

// tower is a stream with a scripted layer at every level.
type tower struct {
	testing.TB
	ev               *tevent.Context
	data, ctrl, sock *scripted
	s                *tsocket.Stream
	log              []string
	top              *tsocket.Layer
}

func newTower(t testing.TB, cfg tsocket.LayerConfig) *tower {
	t.Helper()
	w := &tower{TB: t, ev: teventtest.New(t)}
	w.data, w.ctrl, w.sock = w.scripted("data"), w.scripted("ctrl"), w.scripted("sock")
	below := tsocket.NewStream(w.ev, w.sock, tsocket.Address{}, tsocket.Address{})
	mid := w.lay(cfg, tsocket.CtrlLayer, below, w.ctrl)
	w.s = w.lay(cfg, tsocket.DataLayer, mid, w.data)
	t.Cleanup(func() { w.s.Close() })
	return w
}

func (w *tower) scripted(name string) *scripted {
	return &scripted{name: name, log: &w.log, script: map[tsocket.ShutStep]answer{}}
}

func (w *tower) lay(cfg tsocket.LayerConfig, role tsocket.Role, below *tsocket.Stream, ops *scripted) *tsocket.Stream {
	w.Helper()
	cfg.Name, cfg.Role = ops.name, role
	l, err := cfg.Lay(below, ops)
	must(w, err)
	w.top = l
	return l.Done(tsocket.Address{}, tsocket.Address{})
}

// level is the scripted part of that name.
func (w *tower) level(name string) *scripted {
	return map[string]*scripted{"data": w.data, "ctrl": w.ctrl, "sock": w.sock}[name]
}

// calls are those since the last time, in order.
func (w *tower) calls() string {
	s := strings.Join(w.log, " ")
	w.log = nil
	return s
}

// readEnd has the owner read the end of what the peer has sent.
func (w *tower) readEnd() {
	r := w.s.Peek(1)
	if x := w.data.r; x != nil {
		w.data.r = nil
		x.Finish(0, io.EOF)
	}
	r.Drop()
	turns(w, w.ev, 1)
}

// over reports whether every level was released, once.
func (w *tower) over() bool {
	all := []int{w.data.closed, w.ctrl.closed, w.sock.closed}
	if slices.Max(all) > 1 {
		w.Errorf("released %v times", all)
	}
	return slices.Min(all) == 1
}
