package precon

import (
	"slices"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tsocket"
)

// inbound is the client of one inbound session.
type inbound struct {
	l *Listener
}

func (l *Listener) negotiate(boot *tsocket.Stream) {
	limit := l.ep.ev.Now().Add(l.ep.cfg.Timeout)
	s, err := l.ep.newSession(boot, wire.Passive, wire.ID{}, limit, inbound{l})
	if err != nil {
		l.tell(err)
		return
	}
	l.under = append(l.under, s)
	if l.ep.open++; l.ep.open >= maxHalfOpen {
		for _, l := range l.ep.looks {
			l.rest()
		}
	}
}

func (in inbound) opened(c *Conn) { in.l.give(c) }

func (in inbound) failed(s *session, f *machine.Fault) { in.l.tell(s.fault(f)) }

func (in inbound) looped(conn wire.ID) {
	if d := in.l.ep.dials[conn]; d != nil {
		in.l.ep.loop(d, in.l.give)
	}
}

// over makes room for another negotiation, of any listener.
func (in inbound) over(s *session) {
	i := slices.Index(in.l.under, s)
	in.l.under = slices.Delete(in.l.under, i, i+1)
	in.l.ep.open--
	for _, l := range in.l.ep.looks {
		l.take()
	}
}
