package tevent

// runner is what stands in the ready list: a finished request or an immediate.
type runner interface {
	run(gen uint64)
}

// readyEntry is stale when its generation is no longer the runner's.
type readyEntry struct {
	r   runner
	gen uint64
}

// ring is a first-in-first-out list that grows and is never allocated in
// steady state.
type ring struct {
	buf  []readyEntry // length a power of two
	head int
	n    int
}

func (q *ring) push(e readyEntry) {
	if q.n == len(q.buf) {
		q.grow()
	}
	q.buf[(q.head+q.n)&(len(q.buf)-1)] = e
	q.n++
}

// unpush takes the youngest entry back if it is r's.
func (q *ring) unpush(r runner) {
	if q.n == 0 {
		return
	}
	if e := &q.buf[(q.head+q.n-1)&(len(q.buf)-1)]; e.r == r {
		*e = readyEntry{}
		q.n--
	}
}

func (q *ring) pop() readyEntry {
	e := q.buf[q.head]
	q.buf[q.head] = readyEntry{}
	q.head = (q.head + 1) & (len(q.buf) - 1)
	q.n--
	return e
}

func (q *ring) grow() {
	buf := make([]readyEntry, max(64, 2*len(q.buf)))
	n := copy(buf, q.buf[q.head:])
	copy(buf[n:], q.buf[:q.head])
	q.buf, q.head = buf, 0
}
