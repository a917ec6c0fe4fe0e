package precon

import (
	"cmp"
	"errors"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// half is our part of one attempt: the arch's request, and the proof of a path
// beside the bootstrap.
type half struct {
	s         *session
	attempt   uint32
	arch      Arch
	channel   Channel
	start     tevent.Immediate
	req       tevent.Req[Path]
	proof     tevent.Req[tevent.None]
	path      Path
	gate      *tsocket.Gate // of a path beside the bootstrap, from the proof on
	waiting   bool          // begun or proved is going to be called
	cancelled bool
}

// newHalf begins in a later step of the loop.
func (s *session) newHalf(a machine.BeginHalf) *half {
	h := &half{s: s, attempt: a.Attempt, arch: s.ep.arch(a.Rung.Arch)}
	h.channel.h = h
	h.start.Init(s.ev, h.begin)
	h.start.Schedule()
	return h
}

func (h *half) begin() {
	h.req = h.arch.Begin(h.s.ev, h.s.pair(h.arch.Name(), h.s.m.Peer()), &h.channel)
	h.waiting = true
	h.req.Handle(h.s, h.begun)
}

func (h *half) begun(p Path, err error) {
	h.path, h.waiting = p, false
	switch {
	case h.cancelled:
		h.release()
	case err != nil:
		h.fail(err)
	case p.Open == nil && p.Stream == nil:
		h.fail(&Refusal{ReasonFailed, "no path"})
	case p.Stream != nil:
		h.proof = h.s.prove(h)
		h.waiting = true
		h.proof.Handle(h.s, h.proved)
	default:
		h.s.event(machine.HalfDone{Attempt: h.attempt, Secret: p.Secret})
	}
}

func (h *half) proved(_ tevent.None, err error) {
	h.waiting = false
	switch {
	case h.cancelled:
		h.release()
	case err != nil:
		h.fail(err)
	default:
		h.hold()
	}
}

// hold keeps the proved path's reads for the time behind the peer's commit.
func (h *half) hold() {
	var err error
	if h.gate, err = h.path.Stream.Gate(); err != nil {
		h.fail(err)
		return
	}
	h.s.event(machine.HalfDone{Attempt: h.attempt, Secret: h.path.Secret})
}

// fail is our NEXT.
func (h *half) fail(err error) {
	r := &Refusal{Text: err.Error()}
	errors.As(err, &r)
	reason := cmp.Or(r.Reason, ReasonFailed)
	h.s.event(machine.HalfFailed{Attempt: h.attempt, Reason: reason, Text: wire.Clip(r.Text)})
	h.release()
}

// cancel ends a half that runs, or closes the path of one that is done. What
// cannot be cancelled is abandoned: it holds nothing of ours.
func (h *half) cancel() {
	h.cancelled = true
	switch {
	case h.start.Cancel(), !h.waiting:
		h.release()
	case h.req.InProgress() && !h.req.Cancel():
		h.req.Drop()
		h.release()
	default:
		h.proof.Cancel() // the zero request until there is a proof
	}
}

// release gives back what the half holds.
func (h *half) release() {
	h.drop()
	h.s.half = nil
	h.s.event(machine.HalfReleased{Attempt: h.attempt})
}

// drop closes what is in our hands of a half that has no future.
func (h *half) drop() {
	h.start.Cancel()
	h.channel.end()
	if h.path.Stream != nil {
		h.path.Stream.Close()
	}
}

// forsake is for a half that does not end although it promised to.
func (h *half) forsake() {
	h.req.Drop()
	h.proof.Drop()
	h.release()
}
