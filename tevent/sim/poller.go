package sim

import (
	"slices"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
)

var _ sys.Poller = (*poller)(nil)

// poller is the Poller of a process: it reports too early, too much and in
// another order when the plan says so.
type poller struct {
	real    sys.Poller
	p       *Proc
	watched []watched
}

// watched is a registered descriptor.
type watched struct {
	token uint64
	fd    int
	mode  sys.Mode
	dirs  sys.Ready
}

func (q *poller) Add(fd int, token uint64, mode sys.Mode) sys.Errno {
	q.p.calls.begin()
	e := q.real.Add(fd, token, mode)
	if e == 0 {
		q.watched = append(q.watched, watched{token, fd, mode, sys.In})
	}
	q.p.calls.done(fault.Add, fd, uint64(mode), 0, e)
	return e
}

func (q *poller) Want(fd int, token uint64, dir sys.Ready) sys.Errno {
	q.p.calls.begin()
	e := q.real.Want(fd, token, dir)
	if i := q.find(token); i >= 0 && e == 0 {
		q.watched[i].dirs |= dir
	}
	q.p.calls.done(fault.Want, fd, uint64(dir), 0, e)
	return e
}

// Keeps is false, so that each Want is made that some Poller needs.
func (q *poller) Keeps() bool { return false }

func (q *poller) Del(fd int, token uint64) sys.Errno {
	q.p.calls.begin()
	e := q.real.Del(fd, token)
	if i := q.find(token); i >= 0 {
		q.watched = slices.Delete(q.watched, i, i+1)
	}
	q.p.calls.done(fault.Del, fd, 0, 0, e)
	return e
}

func (q *poller) find(token uint64) int {
	return slices.IndexFunc(q.watched, func(w watched) bool { return w.token == token })
}

// closes notes that fd is closed: nobody may watch it any more.
func (q *poller) closes(fd int) {
	if i := slices.IndexFunc(q.watched, func(w watched) bool { return w.fd == fd }); i >= 0 {
		q.p.misuse.Watched++
		q.watched = slices.Delete(q.watched, i, i+1)
	}
}

// Wait is where the plan has its say about what is reported.
func (q *poller) Wait(events []sys.Event, deadline int64) (int, sys.Errno) {
	q.p.calls.begin()
	w := q.p.world
	if deadline > w.net.Now() && q.p.chance(Early) {
		w.rec.waited(q.p, deadline, w.net.Now(), 0, 0)
		return 0, 0
	}
	lie := len(q.watched) > 0 && q.p.chance(Spurious)
	if lie {
		deadline = min(deadline, w.net.Now()+w.rand.Int64N(int64(slowest)))
	}
	before := w.net.Now()
	n, e := q.real.Wait(events, deadline)
	if e == 0 && lie {
		n = q.invent(events, n)
	}
	if e == 0 && n > 1 && q.p.chance(Reversed) {
		slices.Reverse(events[:n])
	}
	w.rec.waited(q.p, deadline, before, n, e)
	return n, e
}

// invent adds an event that nothing has caused, if it finds one of which that
// may happen.
func (q *poller) invent(events []sys.Event, n int) int {
	x := q.watched[q.p.world.rand.IntN(len(q.watched))]
	if x.mode != sys.Edge {
		return n
	}
	for i := range events[:n] {
		if events[i].Token == x.token {
			events[i].Ready |= x.dirs & (sys.In | sys.Out)
			return n
		}
	}
	if n == len(events) {
		return n
	}
	events[n] = sys.Event{Token: x.token, Ready: x.dirs & (sys.In | sys.Out)}
	return n + 1
}

func (q *poller) Wake() {
	q.real.Wake()
	q.p.world.rec.called(q.p, fault.Wake, -1, 0, 0, 0)
}

func (q *poller) Close() {
	if !q.p.doomed {
		q.p.calls.begin()
	}
	q.real.Close()
}
