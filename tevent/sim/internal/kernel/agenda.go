package kernel

// agenda is what is going to happen, the earliest first and equal times in
// order of creation: a heap with four children a node.
type agenda struct {
	nodes []entry
	seq   uint64
}

// entry is one place of the heap.
type entry struct {
	at  int64
	seq uint64
	t   *timer
}

// timer is something that can stand on the agenda, once at a time. It is part
// of what it happens to.
type timer struct {
	do    event
	place int // in the heap, counted from 1; 0 is nowhere
}

// event is what happens when its time has come.
type event interface{ happen() }

// call is an event of the world's own.
type call func()

func (f call) happen() { f() }

const children = 4

// set puts t on the agenda, or moves it.
func (a *agenda) set(t *timer, at int64) {
	a.seq++
	if t.place == 0 {
		a.nodes = append(a.nodes, entry{})
		a.up(len(a.nodes)-1, entry{at, a.seq, t})
		return
	}
	a.fix(t.place-1, entry{at, a.seq, t})
}

// drop takes t off the agenda; it may not be there.
func (a *agenda) drop(t *timer) {
	i := t.place - 1
	if i < 0 {
		return
	}
	t.place = 0
	last := len(a.nodes) - 1
	e := a.nodes[last]
	a.nodes[last] = entry{}
	a.nodes = a.nodes[:last]
	if i < last {
		a.fix(i, e)
	}
}

func (a *agenda) pop() *timer {
	t := a.nodes[0].t
	a.drop(t)
	return t
}

// fix puts e where the node i was.
func (a *agenda) fix(i int, e entry) {
	if i > 0 && e.before(a.nodes[(i-1)/children]) {
		a.up(i, e)
		return
	}
	a.down(i, e)
}

func (a *agenda) up(i int, e entry) {
	for i > 0 {
		parent := (i - 1) / children
		if !e.before(a.nodes[parent]) {
			break
		}
		a.put(i, a.nodes[parent])
		i = parent
	}
	a.put(i, e)
}

func (a *agenda) down(i int, e entry) {
	for {
		first := i*children + 1
		if first >= len(a.nodes) {
			break
		}
		least := first
		for c := first + 1; c < min(first+children, len(a.nodes)); c++ {
			if a.nodes[c].before(a.nodes[least]) {
				least = c
			}
		}
		if !a.nodes[least].before(e) {
			break
		}
		a.put(i, a.nodes[least])
		i = least
	}
	a.put(i, e)
}

func (a *agenda) put(i int, e entry) {
	a.nodes[i] = e
	e.t.place = i + 1
}

func (e entry) before(o entry) bool {
	return e.at < o.at || e.at == o.at && e.seq < o.seq
}
