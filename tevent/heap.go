package tevent

import "github.com/tsocket-go/tsocket/internal/sys"

// heap orders armed timers by time, equal times by the order of arming. It is
// a heap of four children per node: half the depth of a binary one, and the
// children of a node lie in few cache lines.
type heap struct {
	nodes []node // nodes[i] is the timer with pos i+1
	seq   uint64
}

type node struct {
	when int64
	seq  uint64
	t    *Timer
}

func (a *node) before(b *node) bool {
	return a.when < b.when || a.when == b.when && a.seq < b.seq
}

func (h *heap) add(when int64, t *Timer) {
	h.seq++
	h.nodes = append(h.nodes, node{})
	h.up(len(h.nodes)-1, node{when, h.seq, t})
}

// remove takes out the timer at pos.
func (h *heap) remove(pos int) {
	i, last := pos-1, len(h.nodes)-1
	h.nodes[i].t.pos = 0
	n := h.nodes[last]
	h.nodes[last] = node{}
	h.nodes = h.nodes[:last]
	if i == last {
		return
	}
	if i > 0 && n.before(&h.nodes[(i-1)/4]) {
		h.up(i, n)
	} else {
		h.down(i, n)
	}
}

// up places n at i or at an ancestor.
func (h *heap) up(i int, n node) {
	for i > 0 {
		p := (i - 1) / 4
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
		first := 4*i + 1
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
	n.t.pos = i + 1
}

// next is the time of the first timer, sys.Never if there is none.
func (h *heap) next() int64 {
	if len(h.nodes) == 0 {
		return sys.Never
	}
	return h.nodes[0].when
}

// due takes out the first timer that is due at now and was armed before seq.
// What was armed since then, for the past, goes behind all that are due, so that
// it cannot keep them waiting.
func (h *heap) due(now int64, seq uint64) *Timer {
	for len(h.nodes) > 0 && h.nodes[0].when <= now {
		n := h.nodes[0]
		if n.seq <= seq {
			h.remove(1)
			return n.t
		}
		if n.when == now {
			return nil
		}
		n.when = now
		h.down(0, n)
	}
	return nil
}
