package machine

import (
	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// verdict is what a side said in an attempt. Invariant: it leaves unsaid once.
type verdict uint8

const (
	unsaid verdict = iota
	okSaid
	nextSaid
)

// half is the life of our half of an attempt.
type half uint8

const (
	noHalf    half = iota
	running        // begun: HalfDone or HalfFailed will come
	done           // its path waits to be opened
	releasing      // cancelled or failed: HalfReleased will come
	opened         // Open took it
)

// attempt is one REQ and what came of it. The zero value is "before REQ(1)".
type attempt struct {
	n          uint32
	rung       Rung // only Arch is set while the peer's CON_INFO is missing, or if it is no rung at all
	half       half
	mine, peer verdict
	why        *Trial // the first NEXT of either side; its Reason becomes Order if either gave that
	key        []byte // for the confirmation; valid once half is done

	ok     wire.OK  // the peer's, valid if peer is okSaid
	before wire.Sum // the peer's transcript in front of ok
	okAt   uint32   // our frames up to and including our OK

	stepsOut, stepsIn int // at most wire.MaxSteps
	bytesOut, bytesIn int // REQ and STEPs, at most wire.MaxAttempt
}

// request starts the next attempt with a REQ that also lists what Init refused.
func (m *Machine) request(r Rung, refused []wire.Refusal) {
	f := wire.Req{Attempt: m.try.n + 1, Arch: r.Arch, Refused: refused}.Frame()
	m.try = attempt{n: m.try.n + 1, rung: r, bytesOut: f.Len()}
	m.send(f)
}

// choose returns the first of rungs that our Init takes, and what it refused on
// the way there.
func (m *Machine) choose(rungs []Rung) (r Rung, refused []wire.Refusal, ok bool) {
	for _, r := range rungs {
		err := m.cfg.Init(r.Arch, m.peer)
		if err == nil {
			return r, refused, true
		}
		no := wire.Refusal{Arch: r.Arch, Reason: wire.Refused, Text: wire.Clip(err.Error())}
		m.refuse(no)
		refused = append(refused, no)
	}
	return Rung{}, refused, false
}

// advance starts the next attempt or finds that no rung is left. Active only.
func (m *Machine) advance() {
	r, refused, ok := m.choose(m.untried())
	if !ok {
		m.fail(wire.NoPath, "")
		return
	}
	m.request(r, refused)
	m.begin()
}

// requested answers the active side's REQ. Passive only.
func (m *Machine) requested(f frame) {
	req, err := wire.DecodeReq(f.Payload)
	switch {
	case err != nil:
		m.breach(err.Error())
		return
	case req.Attempt != m.try.n+1:
		m.breach("REQ out of turn")
		return
	}
	for _, r := range req.Refused {
		if _, offered := m.peer.Offer(r.Arch); !offered || m.tried(r.Arch) {
			m.breach("refuses an arch that is tried or not offered")
			return
		}
		m.refuse(r)
	}
	m.try = attempt{n: req.Attempt, rung: Rung{Arch: req.Arch}, bytesIn: f.Len()}
	m.attend()
}

// attend takes up an attempt whose REQ is known to both sides: the first rung
// is tried, another one is out of order.
func (m *Machine) attend() {
	left := m.untried()
	switch {
	case len(left) > 0 && left[0].Arch == m.try.rung.Arch:
		m.try.rung = left[0]
		if err := m.cfg.Init(left[0].Arch, m.peer); err != nil {
			m.giveUp(wire.Refused, err.Error())
			return
		}
		m.begin()
	case m.try.n == 1:
		m.giveUp(wire.Order, "")
	default:
		m.breach("REQ for another rung")
	}
}

func (m *Machine) begin() {
	m.try.half = running
	m.do(BeginHalf{m.try.n, m.try.rung})
	m.become(Try)
}

// cancelHalf takes back a half that runs or is done.
func (m *Machine) cancelHalf(cause error) {
	if m.try.half == running || m.try.half == done {
		m.try.half = releasing
		m.do(CancelHalf{m.try.n, cause})
	}
}
