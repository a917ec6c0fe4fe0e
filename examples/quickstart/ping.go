package main

import (
	"slices"
	"time"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// pings is how many round trips are measured.
const pings = 1000

// rtts are round-trip times, in order of length.
type rtts []time.Duration

// micros is a percentile in microseconds.
func (r rtts) micros(percent int) float64 {
	return float64(r[(len(r)-1)*percent/100]) / float64(time.Microsecond)
}

// pinger sends one small PDU at a time: sent → back → sent.
type pinger struct {
	tevent.Op[rtts]
	ev    *tevent.Context
	s     *tsocket.Stream
	began time.Time
	times rtts
}

func ping(ev *tevent.Context, s *tsocket.Stream) tevent.Req[rtts] {
	p := &pinger{ev: ev, s: s}
	p.Start(ev, "ping")
	p.next()
	return p.Req()
}

func (p *pinger) next() {
	p.began = p.ev.Now()
	p.s.Send([]byte{0, 0, 0, 4, 'p', 'i', 'n', 'g'}).Ignore()
	tevent.Then(readv.PeekPDU(p.s, frame), p, (*pinger).back)
}

func (p *pinger) back(pdu []byte) {
	p.times = append(p.times, p.ev.Now().Sub(p.began))
	p.s.Consume(len(pdu))
	if len(p.times) < pings {
		p.next()
		return
	}
	slices.Sort(p.times)
	p.Done(p.times)
}
