package machine

import (
	"cmp"
	"fmt"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// Event takes one local event.
func (m *Machine) Event(e Event) []Action {
	m.fresh()
	switch e := e.(type) {
	case HalfDone:
		if m.runs(e.Attempt) {
			m.finished(e.Secret)
		}
	case HalfFailed:
		if m.runs(e.Attempt) {
			m.gaveUp(e)
		}
	case HalfReleased:
		m.released(e.Attempt)
	case Expired:
		m.expired(e.Timer)
	case Malformed:
		m.malformed(e.Err)
	case Deadline:
		m.stop(wire.Timeout, "")
	case Abort:
		m.stop(cmp.Or(e.Reason, wire.Cancelled), e.Text)
	case FIN:
		m.lost(&Fault{Kind: Closed})
	case ReadError:
		m.lost(&Fault{Kind: Lost, Err: e.Err})
	}
	return m.out
}

// runs reports whether the half of attempt n runs; a cancelled one may still
// tell its result, which then does not matter.
func (m *Machine) runs(n uint32) bool { return n == m.try.n && m.try.half == running }

// gaveUp takes our half's failure. The half ends by itself, so it is not
// cancelled, but the next attempt waits for its release.
func (m *Machine) gaveUp(e HalfFailed) {
	m.try.half = releasing
	if e.Reason == 0 || e.Reason == wire.Order {
		e.Reason = wire.Failed
	}
	m.giveUp(e.Reason, e.Text)
}

func (m *Machine) released(n uint32) {
	if n != m.try.n || m.try.half != releasing {
		panic(fmt.Sprintf("machine: HalfReleased(%d) in %v, attempt %d", n, m.state, m.try.n))
	}
	m.try.half = noHalf
	switch m.state {
	case Release:
		m.onward()
	case Down:
		m.report()
	}
}

// expired takes a timer's end if the state still runs under it.
func (m *Machine) expired(t Timer) {
	if t == NoTimer || t != timerOf[m.state] {
		return
	}
	switch t {
	case RungTimer:
		m.giveUp(wire.Timeout, "")
	case VerdictTimer:
		m.fail(wire.Timeout, "no verdict")
	case LingerTimer:
		m.close(false)
	}
}

// malformed takes a header that could not be read further.
func (m *Machine) malformed(err error) {
	if m.over() {
		m.dropped++
		return
	}
	m.breach(err.Error())
}

// stop ends the negotiation from our side; in Ending it cuts the wait short.
func (m *Machine) stop(reason wire.Reason, text string) {
	switch m.state {
	case Up, Down:
	case Ending:
		m.close(false)
	default:
		m.fail(reason, text)
	}
}

// lost takes the end of what can be read. After Up it is the path's or the
// shell's affair.
func (m *Machine) lost(f *Fault) {
	switch m.state {
	case Up, Down:
	case Ending:
		m.close(false)
	default:
		m.end(f)
	}
}
