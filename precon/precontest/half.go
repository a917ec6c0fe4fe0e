package precontest

import (
	"fmt"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// half is one side of one attempt.
type half struct {
	tevent.Op[precon.Path]
	ev     *tevent.Context
	a      Arch
	active bool
	ch     *precon.Channel
	i      int          // exchanges done
	pause  tevent.Timer // in front of the next
	keep   tevent.Timer // until a cancelled half lets go
	cause  error        // of the cancel
	gone   bool         // failed by itself
	path   *tsocket.Stream
}

func begin(ev *tevent.Context, a Arch, active bool, ch *precon.Channel) tevent.Req[precon.Path] {
	h := &half{ev: ev, a: a, active: active, ch: ch}
	h.Start(ev, "scripted half")
	h.SetCancel(h.cancel)
	h.SetRelease(func(p precon.Path) { drop(p.Stream) })
	h.pause.Init(ev, h.next)
	h.keep.Init(ev, h.end)
	if a.Deaf {
		h.SetCleanup(h.abandoned)
	}
	h.wait()
	return h.Req()
}

// wait is the pause in front of the next exchange.
func (h *half) wait() {
	if h.a.Pause > 0 {
		h.pause.Reset(h.a.Pause)
		return
	}
	h.next()
}

func (h *half) next() {
	switch {
	case h.i >= h.a.At && h.a.Does == Fails:
		h.giveUp(&precon.Refusal{Text: fmt.Sprint("failed at ", h.i)})
	case h.i >= h.a.At && h.a.Does == Hangs:
	case h.i < h.a.Steps:
		h.ch.SendStep(h.word(h.active)).Handle(h, h.sent)
	case h.a.Meeting == nil:
		h.Done(h.result())
	case h.active:
		h.offer()
	default:
		h.ch.RecvStep().Handle(h, h.take)
	}
}

// word is what a side says in an exchange.
func (h *half) word(active bool) []byte {
	return fmt.Appendf(nil, "%s %d %t", h.a.ID, h.i, active)
}

func (h *half) sent(_ tevent.None, err error) {
	if h.over() || h.giveUp(err) {
		return
	}
	h.ch.RecvStep().Handle(h, h.got)
}

func (h *half) got(b []byte, err error) {
	if h.over() || h.giveUp(err) {
		return
	}
	if want := h.word(!h.active); string(b) != string(want) {
		h.giveUp(&precon.Refusal{Text: fmt.Sprintf("step %q instead of %q", b, want)})
		return
	}
	h.i++
	h.wait()
}

// offer is the active side of a path beside: it makes both ends.
func (h *half) offer() {
	a, token, err := h.a.Meeting.leave(h.ev)
	if h.giveUp(err) {
		return
	}
	h.path = a
	h.ch.SendStep([]byte(token)).Handle(h, func(_ tevent.None, err error) {
		if !h.over() && !h.giveUp(err) {
			h.arrive()
		}
	})
}

// take is the passive side.
func (h *half) take(token []byte, err error) {
	if h.over() || h.giveUp(err) {
		return
	}
	if h.path = h.a.Meeting.take(string(token)); h.path == nil {
		h.giveUp(&precon.Refusal{Text: "nobody there"})
		return
	}
	h.arrive()
}

// arrive is the end of a path beside, perhaps the wrong one.
func (h *half) arrive() {
	if h.a.Does == Strays {
		drop(h.path)
		var err error
		if h.path, err = h.a.Meeting.stray(h.ev); h.giveUp(err) {
			return
		}
	}
	h.Done(h.result())
}

func (h *half) result() precon.Path {
	p := precon.Path{Stream: h.path, Secret: h.a.Secret}
	if p.Stream == nil {
		p.Open = func(boot *tsocket.Stream) *tsocket.Stream { return boot }
	}
	return p
}

// over reports whether the script is not played on.
func (h *half) over() bool { return h.cause != nil || !h.InProgress() }

// giveUp fails with an err that is not nil.
func (h *half) giveUp(err error) bool {
	if err == nil {
		return false
	}
	h.gone = true
	drop(h.path)
	h.path = nil
	h.Fail(err)
	return true
}

func (h *half) cancel(cause error) bool {
	h.pause.Stop()
	if h.a.Deaf {
		return false
	}
	h.cause = cause
	if h.a.Keeps == 0 && !h.a.Wins {
		h.end()
	} else {
		h.keep.Reset(h.a.Keeps)
	}
	return true
}

// abandoned is for a half that cannot be cancelled.
func (h *half) abandoned(st tevent.State) {
	if st != tevent.StateFailed || h.gone {
		return
	}
	h.pause.Stop()
	h.cause = tevent.ErrClosed
	if h.a.Keeps == 0 {
		h.end()
	} else {
		h.keep.Reset(h.a.Keeps)
	}
}

// end lets go.
func (h *half) end() {
	if h.a.Wins {
		h.Done(h.result())
		return
	}
	h.giveUp(h.cause)
}

func drop(s *tsocket.Stream) {
	if s != nil {
		s.Close()
	}
}
