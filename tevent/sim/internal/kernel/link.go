package kernel

import "time"

// Range is a value to be drawn, both ends included.
type Range struct{ Min, Max int64 }

func (r Range) draw(n *Net) int64 {
	if r.Max <= r.Min {
		return r.Min
	}
	return r.Min + n.rand.Int64N(r.Max-r.Min+1)
}

// Link is the way from one host to another; the way back is a Link of its own.
// It may be changed at any time; what is under way keeps the delay it has.
type Link struct {
	// Down loses everything that would arrive.
	Down bool
	// Latency of a packet in nanoseconds.
	Latency Range
	// Segment is the size of TCP segments in bytes.
	Segment Range
	// Loss is the probability that a packet does not arrive: a datagram is
	// gone, a segment comes Retransmit later, twice that if it is lost again,
	// and so on; a reset is gone.
	Loss float64
	// Retransmit is the first time-out of a TCP sender in nanoseconds.
	Retransmit int64
	// Duplicate is the probability that a datagram arrives twice, Reorder that
	// it is held back by up to four latencies and overtaken.
	Duplicate, Reorder float64

	last int64 // when the last datagram that nothing holds back arrives
}

// DefaultLink is a quick local network that loses nothing.
func DefaultLink() Link {
	return Link{
		Latency:    Range{int64(20 * time.Microsecond), int64(200 * time.Microsecond)},
		Segment:    Range{1448, 1448},
		Retransmit: int64(200 * time.Millisecond),
	}
}

// loopback is the way from a host to itself.
func loopback() Link {
	return Link{
		Latency:    Range{int64(5 * time.Microsecond), int64(5 * time.Microsecond)},
		Segment:    Range{65483, 65483},
		Retransmit: int64(200 * time.Millisecond),
	}
}

// Link is the way from a to b, to look at and to change. The way from a host
// to itself is never lossy at first, and quick.
func (n *Net) Link(a, b *Host) *Link {
	for len(a.links) <= b.index {
		a.links = append(a.links, nil)
	}
	if a.links[b.index] == nil {
		l := n.Links
		if a == b {
			l = loopback()
		}
		a.links[b.index] = &l
	}
	return a.links[b.index]
}

// Partition cuts both ways between a and b. One way is cut with Link(a, b).Down.
func (n *Net) Partition(a, b *Host) { n.Link(a, b).Down, n.Link(b, a).Down = true, true }

// Heal opens both ways between a and b.
func (n *Net) Heal(a, b *Host) { n.Link(a, b).Down, n.Link(b, a).Down = false, false }

// delay is how long a segment takes, with what its losses cost.
func (l *Link) delay(n *Net) int64 {
	n.counts.Sent++
	d := l.Latency.draw(n)
	for again := l.Retransmit; again < slowest && l.loses(n); again *= 2 {
		d += again
	}
	return d
}

// slowest bounds the time-outs of a TCP sender.
const slowest = int64(120 * time.Second)
