package kernel

import "slices"

// pipe is one direction of a TCP connection: a stream of bytes and the
// positions that each of its stations has come to.
//
//	read ≤ rcvd ≤ sent ≤ written;  acked ≤ rcvd
//
// The bytes stay in one place from the call that sends them to the call that
// receives them; a segment is only a position and a time.
type pipe struct {
	net         *Net
	from, to    *tcp
	there, back *Link

	bytes                            ring // from read to written
	read, rcvd, sent, written, acked int64
	edge                             int64 // up to where the sender may send, as it knows
	told                             int64 // edge as the receiver told it last
	fin                              finish
	dead                             bool // nobody sends any more

	flight []segment // in order of arrival
	last   int64     // when the last that was sent arrives
	due    timer     // arrival of the first

	ackDue  timer
	ackRcvd int64 // what the acknowledgement under way tells
	ackEdge int64
	ackFin  bool

	stall timer // the end of a sender that has been without room for too long

	tries uint  // times that the first has been repeated
	since int64 // when the path was first found cut; 0 if it was not
}

// finish is how far a FIN has come.
type finish uint8

const (
	finNone finish = iota
	finWanted
	finSent
	finReceived
	finAcked
)

// segment ends at a position of the stream and arrives at a time.
type segment struct {
	end int64
	at  int64
	fin bool
}

func newPipe(from, to *tcp) *pipe {
	n := from.host.net
	p := &pipe{net: n, from: from, to: to, there: n.Link(from.host, to.host), back: n.Link(to.host, from.host)}
	p.due.do = (*arrival)(p)
	p.ackDue.do = (*acknowledgement)(p)
	p.stall.do = (*stall)(p)
	p.edge = int64(to.options.recvBuf)
	p.told = p.edge
	return p
}

func (p *pipe) unread() int64 { return p.rcvd - p.read }

// held is what counts against the sender's buffer.
func (p *pipe) held() int64 { return p.written - p.acked }

func (p *pipe) send(m *message, n int) {
	p.bytes.put(m, 0, n)
	p.written += int64(n)
	p.transmit()
}

func (p *pipe) finish() {
	if p.fin == finNone {
		p.fin = finWanted
		p.transmit()
	}
}

// transmit sends what the receiver has told room for, in segments of any size,
// and the FIN behind the last.
func (p *pipe) transmit() {
	for limit := min(p.written, p.edge); p.sent < limit; {
		size := max(1, p.there.Segment.draw(p.net))
		p.sent = min(limit, p.sent+size)
		if p.sent < limit {
			p.net.counts.Split++
		}
		p.launch(segment{end: p.sent})
	}
	if p.fin == finWanted && p.sent == p.written {
		p.fin = finSent
		p.launch(segment{end: p.sent, fin: true})
	}
	p.probe()
}

// probe watches a sender whose peer has taken everything it has room for: with
// TCP_USER_TIMEOUT it does not wait for more for ever.
func (p *pipe) probe() {
	ms := int64(p.from.options.userTimeout)
	switch {
	case p.dead || ms == 0 || p.sent == p.written || p.acked < p.sent:
		p.net.agenda.drop(&p.stall)
	case p.stall.place == 0:
		p.net.after(&p.stall, ms*1e6)
	}
}

// stall is a wait for room that has taken too long.
type stall pipe

func (s *stall) happen() { s.from.giveUp() }

func (p *pipe) launch(s segment) {
	p.last = max(p.last, p.net.now+p.there.delay(p.net))
	s.at = p.last
	if len(p.flight) > 0 && p.flight[len(p.flight)-1].at == s.at && p.due.place != 0 {
		back := &p.flight[len(p.flight)-1]
		back.end, back.fin = s.end, s.fin
		return
	}
	p.flight = append(p.flight, s)
	if p.due.place == 0 {
		p.net.agenda.set(&p.due, s.at)
	}
}

// arrival is the first segment at the receiver.
type arrival pipe

func (a *arrival) happen() {
	p := (*pipe)(a)
	if p.there.Down || p.to.state == stateSynReceived && !p.to.greeted() {
		p.retry(&p.due)
		return
	}
	if !p.dead {
		p.since, p.tries = 0, 0
	}
	s := p.flight[0]
	p.flight = slices.Delete(p.flight, 0, 1)
	p.deliver(s)
	if len(p.flight) > 0 {
		p.net.agenda.set(&p.due, max(p.flight[0].at, p.net.now))
	}
}

// deliver hands a segment to the receiver. One that is closed, or wants no more,
// answers with a reset.
func (p *pipe) deliver(s segment) {
	n := s.end - p.rcvd
	unwanted := n > 0 && p.to.unwilling()
	if unwanted {
		p.to.reset()
	}
	if unwanted || p.to.state == stateClosed {
		p.flight = p.flight[:0]
		p.net.sendReset(p.to.host, p.from)
		return
	}
	p.rcvd = s.end
	if s.fin {
		p.fin = finReceived
	}
	p.to.arrived(n, s.fin)
	p.acknowledge()
}

// receive copies to m what has come, and tells the sender about the room.
func (p *pipe) receive(m *message) int {
	n := min(int64(m.size()), p.unread())
	if n == 0 {
		return 0
	}
	p.bytes.get(m, int(n))
	p.read += n
	if room := int64(p.to.options.recvBuf); p.read+room-p.told >= room/2 {
		p.acknowledge()
	}
	return int(n)
}

// acknowledge sends the state of the receiver, unless news of it are under way:
// then the next follow them.
func (p *pipe) acknowledge() {
	if p.dead || p.ackDue.place != 0 {
		return
	}
	p.ackRcvd, p.ackFin = p.rcvd, p.fin >= finReceived
	p.ackEdge = max(p.told, p.read+int64(p.to.options.recvBuf))
	p.told = p.ackEdge
	p.net.after(&p.ackDue, p.back.delay(p.net))
}

// acknowledgement is one at the sender.
type acknowledgement pipe

func (a *acknowledgement) happen() {
	p := (*pipe)(a)
	switch {
	case p.dead:
		return
	case p.back.Down:
		p.retry(&p.ackDue)
		return
	}
	p.since, p.tries = 0, 0
	p.acked, p.edge = p.ackRcvd, max(p.edge, p.ackEdge)
	p.from.heard, p.from.probes = p.net.now, 0
	news := p.rcvd > p.ackRcvd || p.read+int64(p.to.options.recvBuf) > p.told || p.fin == finReceived && !p.ackFin
	fin := p.ackFin && p.fin == finReceived
	if fin {
		p.fin = finAcked
	}
	p.from.acked(fin)
	if !p.dead {
		p.transmit()
	}
	if news && p.to.state != stateClosed {
		p.acknowledge()
	}
}

// retry repeats what was lost, less and less often, until the sender gives up.
func (p *pipe) retry(t *timer) {
	now := p.net.now
	if p.dead {
		p.flight = p.flight[:0]
		return
	}
	if p.since == 0 {
		p.since = now
	}
	limit := p.from.host.Limits.GiveUp
	if ms := p.from.options.userTimeout; ms > 0 {
		limit = int64(ms) * 1e6
	}
	if now-p.since >= limit {
		p.from.giveUp()
		return
	}
	wait := min(p.there.Retransmit<<min(p.tries, 30), slowest)
	p.tries++
	p.net.after(t, min(wait, p.since+limit-now))
}

// purge ends the sending: what is under way arrives, the rest is forgotten.
func (p *pipe) purge() {
	if p.dead {
		return
	}
	p.dead = true
	p.bytes.n -= int(p.written - p.sent)
	p.written = p.sent
	p.net.agenda.drop(&p.ackDue)
	p.net.agenda.drop(&p.stall)
}
