package transfer

import (
	"slices"
	"time"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// RTTs are round-trip times, in order of length.
type RTTs []time.Duration

// Micros is a percentile in microseconds, 0 if nothing was measured.
func (r RTTs) Micros(percent int) float64 {
	if len(r) == 0 {
		return 0
	}
	return float64(r[(len(r)-1)*percent/100]) / float64(time.Microsecond)
}

// pinger sends one small PDU at a time: sent → back → sent.
type pinger struct {
	tevent.Op[RTTs]
	ev    *tevent.Context
	s     *tsocket.Stream
	left  int
	began time.Time
	times RTTs
}

// ping measures n round trips.
func ping(ev *tevent.Context, s *tsocket.Stream, n int) tevent.Req[RTTs] {
	p := &pinger{ev: ev, s: s, left: n}
	p.Start(ev, "ping")
	p.next()
	return p.Req()
}

func (p *pinger) next() {
	if p.left == 0 {
		slices.Sort(p.times)
		p.Done(p.times)
		return
	}
	p.left--
	p.began = p.ev.Now()
	p.s.Send([]byte{0, 0, 0, 4, 'p', 'i', 'n', 'g'}).Ignore()
	tevent.Then(readv.PeekPDU(p.s, frame), p, (*pinger).back)
}

func (p *pinger) back(pdu []byte) {
	p.times = append(p.times, p.ev.Now().Sub(p.began))
	p.s.Consume(len(pdu))
	p.next()
}
