package kernel

// Counts is how often the network did to somebody what a fault makes it do, so
// that one can tell whether the fault was ever met.
type Counts struct {
	Sent      int // packets, segments and acknowledgements that were given a delay
	Split     int // segments that were not the last of what could be sent
	Lost      int // packets, by Link.Loss
	Full      int // sends of a stream for which there was less room than bytes
	Doubled   int // datagrams, by Link.Duplicate
	Held      int // datagrams, by Link.Reorder
	Overflows int // connections for which a backlog had no room
}

// Counts is what the network has done so far.
func (n *Net) Counts() Counts { return n.counts }

// loses draws whether a packet is lost.
func (l *Link) loses(n *Net) bool {
	lost := n.chance(l.Loss)
	if lost {
		n.counts.Lost++
	}
	return lost
}

// Quiet is what the way from a to b is while nobody has changed it.
func (n *Net) Quiet(a, b *Host) Link {
	if a == b {
		return loopback()
	}
	return n.Links
}
