package tevent

// Immediate runs a function from the loop as soon as possible, never inside
// Schedule. It may be scheduled again at any time, also from its own function.
// It is owned by the loop. Source: struct tevent_immediate.
type Immediate struct {
	ev  *Context
	f   func()
	seq uint64 // of the valid entry; others in the list are stale
	due bool
	tag uint64

	line *line // told to the trace; nil if it is not
}

// NewImmediate returns an immediate of ev that calls f; it is not scheduled.
func NewImmediate(ev *Context, f func()) *Immediate {
	im := &Immediate{}
	im.Init(ev, f)
	return im
}

// Init is NewImmediate for one that is part of another object.
func (im *Immediate) Init(ev *Context, f func()) { im.ev, im.f = ev, f }

// Schedule puts the immediate at the end of the ready list, behind what is
// scheduled already and before timers and descriptors; if it is scheduled, it
// moves there. Source: tevent_schedule_immediate.
func (im *Immediate) Schedule() { im.schedule(&im.ev.ready) }

// ScheduleFlush lets the immediate run once in this turn when the ready list is
// empty, or its share of the turn is used up, before the loop waits. It is for
// work that gathers what callbacks leave behind, such as queued writes.
func (im *Immediate) ScheduleFlush() { im.schedule(&im.ev.flush) }

// ScheduleAnswer is ScheduleFlush for work that gathers what the callbacks of one
// burst of descriptors leave behind: it runs when those are through, and with
// ScheduleFlush, before what waits there.
func (im *Immediate) ScheduleAnswer() { im.schedule(&im.ev.answers) }

func (im *Immediate) schedule(q *ring) {
	im.ev.enter()
	im.detach()
	im.seq++
	im.due = true
	q.push(readyEntry{im, im.seq})
	if im.ev.trace != nil {
		im.line = im.ev.Attach(KindImmediate, "immediate", im.tag).line
	}
}

// holding is what the trace knows of the immediate.
func (im *Immediate) holding() Holding { return Holding{im.ev, KindImmediate, im.line} }

// detach tells the trace that the immediate does not wait any more.
func (im *Immediate) detach() {
	if im.line != nil {
		h := im.holding()
		h.Release()
		im.line = nil
	}
}

// Cancel takes a scheduled immediate back and reports whether it was scheduled.
func (im *Immediate) Cancel() bool {
	im.ev.enter()
	im.detach()
	was := im.due
	im.due = false
	im.seq++
	return was
}

// Scheduled reports whether the function is going to run.
func (im *Immediate) Scheduled() bool { return im.due }

func (im *Immediate) run(gen uint64) {
	if im.seq != gen || !im.due {
		return
	}
	im.due = false
	if im.ev.observed {
		im.holding().call("immediate", im.tag, -1, im.call)
	} else {
		im.f()
	}
}

func (im *Immediate) call() {
	im.detach()
	im.f()
}

// SetTag gives the immediate a number for its owner's use, 0 at first, which
// traces show. Source: tevent_immediate_set_tag.
func (im *Immediate) SetTag(tag uint64) {
	im.tag = tag
	if im.line != nil {
		im.line.tag = tag
	}
}

// Tag is the number of SetTag. Source: tevent_immediate_get_tag.
func (im *Immediate) Tag() uint64 { return im.tag }
