package machine

import (
	"encoding/binary"
	"fmt"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// carry does what the shell of one end would do, and checks that each action is
// one the shell can do.
func (w *world) carry(i int, acts []Action) {
	e, peer := &w.ends[i], &w.ends[1-i]
	for _, a := range acts {
		must(!e.told, "%T after the last action", a)
		switch a := a.(type) {
		case Send:
			must(!e.shut && !e.closed, "send after shutdown")
			w.verdict(i, a.Frame)
			w.push(peer, item{frame: a.Frame})
		case BeginHalf:
			must(e.half == noHalf, "half begun in state %d", e.half)
			e.half, e.stepped, e.late = running, false, false
		case CancelHalf:
			must(e.half == running || e.half == done, "half cancelled in state %d", e.half)
			e.half = releasing
		case Arm:
			must(a.Rungs > 0, "no rung to share the time")
			e.timer = a.Timer
		case Disarm:
			e.timer = NoTimer
		case Open:
			must(e.half == done, "path opened in state %d", e.half)
			e.half, e.open = opened, true
		case Handover:
			e.up = true
		case ShutWrite:
			e.shut = true
			w.push(peer, item{end: FIN{}})
		case Close:
			w.close(e, peer, a.Reset)
		case Report:
			must(a.Fault != nil && e.closed && e.half != running && e.half != done && e.half != releasing, "early report")
			e.told = true
		}
	}
	w.sane(e)
}

func (w *world) push(to *end, it item) {
	if !w.cut && !to.closed {
		to.inbox = append(to.inbox, it)
	}
}

// close models close(2): the peer reads what was sent, then FIN; a reset
// destroys what it has not read.
func (w *world) close(e, peer *end, reset bool) {
	e.closed, e.inbox = true, nil
	switch {
	case w.cut || peer.closed:
	case reset:
		peer.inbox = []item{{end: ReadError{errInit}}}
	case !e.shut:
		peer.inbox = append(peer.inbox, item{end: FIN{}})
	}
	e.shut = true
}

// verdict checks that each side gives one verdict in an attempt and that the
// next attempt waits for both.
func (w *world) verdict(i int, f wire.Frame) {
	e := &w.ends[i]
	switch f.Type {
	case wire.TypeOK, wire.TypeNext:
		n := binary.BigEndian.Uint32(f.Payload)
		must(n == e.said+1, "verdict %d after %d", n, e.said)
		e.said = n
	case wire.TypeReq:
		n := binary.BigEndian.Uint32(f.Payload)
		must(w.ends[0].said == n-1 && w.ends[1].said == n-1, "REQ(%d) after %d and %d", n, w.ends[0].said, w.ends[1].said)
	}
}

// sane checks what holds in every world: a state runs under its timer, and two
// correct machines never find fault with each other.
func (w *world) sane(e *end) {
	must(e.timer == timerOf[e.m.state], "%v timer in %v", e.timer, e.m.state)
	f := e.m.Fault()
	if f == nil {
		return
	}
	must(f.Kind != Stranger && f.Kind != Mirror, "%v", f)
	must(f.Reason != wire.Protocol && f.Reason != wire.Confirm, "%v", f)
}

func must(ok bool, format string, args ...any) {
	if !ok {
		panic(fmt.Sprintf(format, args...))
	}
}
