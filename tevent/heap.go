package tevent

import "github.com/tsocket-go/tsocket/internal/sys"

// heap orders armed timers by time, equal times by the order of arming. It is
// a heap of four children per node, half the depth of a binary one. A node has
// 16 bytes and the root stands at rootPos, so that the four children of a node
// are one cache line: a million timers are a few misses for each that fires.
type heap struct {
	nodes []node // nodes[i] is the timer with pos i, from rootPos on; nil at first
	seq   uint64 // of the youngest arming
}

type node struct {
	when int64
	t    *Timer
}

// The children of node i are 4*i-8 to 4*i-5, its parent is i/4+2.
const rootPos = 3

func (a *node) before(b *node) bool {
	return a.when < b.when || a.when == b.when && a.t.seq < b.t.seq
}

// size is how many timers are armed.
func (h *heap) size() int { return max(len(h.nodes)-rootPos, 0) }

func (h *heap) add(when int64, t *Timer) {
	if h.nodes == nil {
		h.nodes = make([]node, rootPos, 64)
	}
	h.seq++
	t.seq = h.seq
	h.nodes = append(h.nodes, node{})
	h.up(len(h.nodes)-1, node{when, t})
}

// remove takes out the timer at pos.
func (h *heap) remove(pos int) {
	last := len(h.nodes) - 1
	h.nodes[pos].t.pos = 0
	n := h.nodes[last]
	h.nodes[last] = node{}
	h.nodes = h.nodes[:last]
	if pos == last {
		return
	}
	if pos > rootPos && n.before(&h.nodes[pos/4+2]) {
		h.up(pos, n)
	} else {
		h.down(pos, n)
	}
}

// up places n at i or at an ancestor.
func (h *heap) up(i int, n node) {
	for i > rootPos {
		p := i/4 + 2
		if !n.before(&h.nodes[p]) {
			break
		}
		h.put(i, h.nodes[p])
		i = p
	}
	h.put(i, n)
}

// down places n at i or at a descendant.
func (h *heap) down(i int, n node) {
	for {
		first := 4*i - 8
		if first >= len(h.nodes) {
			break
		}
		m := first
		for k := first + 1; k < min(first+4, len(h.nodes)); k++ {
			if h.nodes[k].before(&h.nodes[m]) {
				m = k
			}
		}
		if !h.nodes[m].before(&n) {
			break
		}
		h.put(i, h.nodes[m])
		i = m
	}
	h.put(i, n)
}

func (h *heap) put(i int, n node) {
	h.nodes[i] = n
	n.t.pos = i
}

// next is the time of the first timer, sys.Never if there is none.
func (h *heap) next() int64 {
	if len(h.nodes) <= rootPos {
		return sys.Never
	}
	return h.nodes[rootPos].when
}

// due takes out the first timer that is due at now and was armed before seq.
// What was armed since then, for the past, goes behind all that are due, so that
// it cannot keep them waiting.
func (h *heap) due(now int64, seq uint64) *Timer {
	for h.next() <= now && h.size() > 0 {
		n := h.nodes[rootPos]
		if n.t.seq <= seq {
			h.remove(rootPos)
			return n.t
		}
		if n.when == now {
			return nil
		}
		n.when = now
		h.down(rootPos, n)
	}
	return nil
}
