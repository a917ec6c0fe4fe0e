package tsockettest

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// ScriptError is a script that could not be played to its end.
type ScriptError struct {
	At   int   // how many steps had been done
	Step Step  // the one that failed
	Err  error // why
}

// Error names the step by its number, from 1 on.
func (e *ScriptError) Error() string {
	return fmt.Sprintf("script: step %d, %v: %v", e.At+1, e.Step, e.Err)
}

// Unwrap is why it failed.
func (e *ScriptError) Unwrap() error { return e.Err }

// player is a script under way.
type player struct {
	tevent.Op[tevent.None]
	ev    *tevent.Context
	s     *tsocket.Stream
	steps []Step
	at    int

	want string // of Expect
	buf  []byte
	rest []byte // of a send
	by   int
	cond func() bool
	err  error // that is expected
}

// Play has s do one step after the other, as the peer of what is tested: on the
// loop, without a goroutine, so that it is played the same every time. It completes
// when all are done and fails with a *ScriptError at the first that goes wrong. It
// knows no time-out but the request's; the stream is the script's, and closed when
// the request finishes.
func Play(s *tsocket.Stream, steps ...Step) tevent.Req[tevent.None] {
	p := &player{ev: s.Context(), s: s, steps: steps}
	p.Start(p.ev, "script")
	p.SetPrint(p.print)
	p.Own(s)
	p.next()
	return p.Req()
}

// PlayFD is Play on a connected stream socket, which is the script's.
func PlayFD(ev *tevent.Context, fd int, steps ...Step) tevent.Req[tevent.None] {
	s, err := tsocket.FromFD(ev, fd)
	if err != nil {
		return tevent.Failed[tevent.None](ev, "script", err)
	}
	return Play(s, steps...)
}

// print tells where it is.
func (p *player) print() string {
	if p.at < len(p.steps) {
		return fmt.Sprintf("step %d of %d, %v", p.at+1, len(p.steps), p.steps[p.at])
	}
	return "all steps done"
}

func (p *player) next() {
	if p.at == len(p.steps) {
		p.Done(tevent.None{})
		return
	}
	p.steps[p.at].do(p)
}

// did is the end of a step.
func (p *player) did(err error) {
	if err != nil {
		p.Fail(&ScriptError{p.at, p.steps[p.at], err})
		return
	}
	p.at++
	p.next()
}

func (p *player) shut(_ int, err error)          { p.did(err) }
func (p *player) slept(_ tevent.None, err error) { p.did(err) }

func (p *player) expect(text string) {
	p.want, p.buf = text, make([]byte, len(text))
	if text == "" {
		p.did(nil)
		return
	}
	tevent.Handle(p.s.Readv(p.buf), p, (*player).read)
}

// read compares as much as has come.
func (p *player) read(n int, err error) {
	if got := string(p.buf[:n]); err != nil || got != p.want {
		p.did(errors.Join(fmt.Errorf("got %q", got), err))
		return
	}
	p.did(nil)
}

func (p *player) expectError(want error) {
	p.err, p.buf = want, make([]byte, 1)
	tevent.Handle(p.s.Readv(p.buf), p, (*player).ended)
}

// ended wants the error that is expected.
func (p *player) ended(n int, err error) {
	switch {
	case errors.Is(err, p.err):
		p.did(nil)
	case err != nil:
		p.did(err)
	case p.err == io.EOF:
		p.did(fmt.Errorf("got %q", p.buf))
	default:
		p.expectError(p.err) // what was sent before a reset
	}
}

// send sends b by pieces.
func (p *player) send(b []byte, by int) {
	if len(b) == 0 {
		p.did(nil)
		return
	}
	p.rest, p.by = b, by
	n := min(by, len(b))
	tevent.Handle(p.s.Writev(b[:n]), p, (*player).sent)
}

func (p *player) sent(n int, err error) {
	if err != nil || n == len(p.rest) {
		p.did(err)
		return
	}
	p.send(p.rest[n:], p.by)
}

func (p *player) when(cond func() bool) {
	if cond() {
		p.did(nil)
		return
	}
	p.cond = cond
	tevent.Handle(tevent.Sleep(p.ev, time.Millisecond), p, (*player).asked)
}

func (p *player) asked(_ tevent.None, err error) {
	if err != nil {
		p.did(err)
		return
	}
	p.when(p.cond)
}
