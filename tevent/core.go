package tevent

import (
	"math"
	"unsafe"
)

// State is where a request is in its life.
type State uint8

const (
	StateFree       State = iota // never started, or ended and let go: may be started
	StateInProgress              // started, no outcome yet
	StateDone                    // finished with a value
	StateFailed                  // finished with an error
	StateEnded                   // nobody can receive the outcome any more
)

var stateNames = [...]string{"free", "in progress", "done", "failed", "ended"}

// String is the state's name, such as "in progress".
func (s State) String() string { return stateNames[s] }

// core is the part of an Op that does not depend on its result's type. It is
// owned by the loop.
//
// Two sides hold it: the caller, until the request has ended, and the
// implementer, until he has let go. It is free when neither does.
type core struct {
	prev, next *core // in the list of the parent's children, or of the context's roots
	parent     *core // whose step or finish waits for this one; nil for a root
	ev         *Context
	self       typed                  // the Op around this core
	cb         callback               // what runs when the outcome is there; nil: nothing yet
	side       *side                  // rare fields; nil when none was needed
	freed      func()                 // told when the Op is free; stays over starts
	stop       func(cause error) bool // the cancel function, or nil
	name       *byte                  // given to Start, nameLen bytes; a string would be 8 bytes more
	gen        uint64                 // bumped when a request ends; a handle of an older one is stale
	started    int64                  // the turn's time at Start
	offset     uint32                 // of this core in the parent struct of a Then function
	flags      flags
	state      State
	nameLen    uint8
}

// label is the name given to Start.
func (c *core) label() string { return unsafe.String(c.name, c.nameLen) }

func (c *core) setLabel(name string) {
	name = name[:min(len(name), math.MaxUint8)]
	c.name, c.nameLen = unsafe.StringData(name), uint8(len(name))
}

type flags uint16

const (
	held      flags = 1 << iota // the implementer has not let go
	settled                     // the outcome may be received
	queued                      // in the ready list
	deferred                    // not in this turn
	ended                       // nobody can receive the outcome any more
	dropped                     // the caller is gone; ends as soon as it settles
	ignored                     // nobody wants the value
	asked                       // the cancel function agreed, or the children were asked
	closing                     // built-in cancel: fails when the last child is free
	waitedFor                   // the parent settles when this one is free
	abandoned                   // the library fixed the outcome, the implementer still works
	linked                      // in a list
	received                    // the value is somebody's
)

// typed is what core needs of the Op around it.
type typed interface {
	release() // give the value to the function of SetRelease
	clear()   // zero the value
	failed(err error)
}

// callback receives a finished request from the loop. Its dynamic types are
// pointer-shaped, so that storing one allocates nothing.
type callback interface {
	call(c *core)
}

func (c *core) has(f flags) bool { return c.flags&f != 0 }

// start begins a life.
func (c *core) start(ev *Context, name string, self typed) {
	ev.enter()
	if c.state != StateFree {
		panic("tevent: Start(" + name + ") of an Op that is not free: " + c.string())
	}
	c.ev, c.self = ev, self
	c.setLabel(name)
	c.state, c.flags = StateInProgress, held
	c.started = ev.now
	ev.pending++
	ev.roots.add(c)
	if ev.listing {
		c.enroll()
	}
}

// enroll notes where this life began and gives it its identity, for those who
// want to know.
func (c *core) enroll() {
	if c.ev.tracking {
		c.rare().created = here()
	}
	if c.ev.trace != nil {
		c.attach()
	}
}

// letGo ends the implementer's hold and reports whether his outcome counts; it
// does not when the request was abandoned.
func (c *core) letGo(what string) bool {
	if !c.has(held) {
		panic("tevent: " + what + " of a request that was finished before: " + c.string())
	}
	c.ev.enter()
	c.flags &^= held
	return c.state == StateInProgress
}

// late is the end of an abandoned request's second half.
func (c *core) late() {
	if c.has(ended) {
		c.free()
	}
}

// finish fixes the outcome: state, deadline, children, owned things, cleanup;
// then the ready list, as soon as every child that works on its end is free.
func (c *core) finish(st State) {
	c.state = st
	c.ev.pending--
	c.ev.finished++
	c.tell(Finished)
	if c.side == nil {
		c.settle()
		return
	}
	if c.ev.tracking {
		c.side.finished = here()
	}
	if c.side.profile != nil {
		c.side.profile.stop(c)
	}
	c.side.deadline.Stop()
	c.side.waiting++ // children that end at once must not settle c in between
	c.tidy(st)
}

// tidy ends what belongs to c. A panic in there does not lose the outcome.
func (c *core) tidy(st State) {
	sd := c.side
	defer func() {
		sd.waiting--
		c.settle()
	}()
	c.dropChildren(errParentEnded)
	sd.closeOwned()
	if sd.cleanup != nil {
		c.tell(Cleaned)
		sd.cleanup(st)
	}
}

// settle makes the outcome receivable when no child works on its end any more.
func (c *core) settle() {
	if c.side != nil && c.side.waiting > 0 {
		return
	}
	c.flags |= settled
	switch {
	case c.has(dropped), c.has(ignored):
		c.end() // there is nobody to tell
	case c.has(deferred):
		c.ev.later = append(c.ev.later, readyEntry{c, c.gen})
	default:
		c.enqueue()
	}
}

func (c *core) enqueue() {
	if !c.has(queued) {
		c.flags |= queued
		c.ev.ready.push(readyEntry{c, c.gen})
	}
}

// run delivers the outcome from the ready list.
func (c *core) run(gen uint64) {
	if c.gen != gen || !c.has(settled) {
		return // dropped meanwhile
	}
	c.flags &^= queued
	cb := c.cb
	if cb == nil {
		c.untaken()
		return
	}
	c.cb = nil
	ev := c.ev
	if ev.observed {
		c.observe(cb)
	} else {
		cb.call(c)
	}
	ev.current = nil // a panic of what runs next is not this request's
}

// untaken keeps a request that nobody asked about yet. Its owner may still call
// Result; a failure is reported if he has not by the next turn.
func (c *core) untaken() {
	if c.has(ignored) {
		c.end()
		return
	}
	if !c.ev.tracking && (!c.traced() || c.ev.sampling != nil) {
		c.unlink() // the collector may have it
	}
	if c.state == StateFailed {
		c.ev.orphans = append(c.ev.orphans, readyEntry{c, c.gen})
	}
}

// end is the caller's last moment: nobody can receive the outcome any more.
func (c *core) end() {
	if c.has(queued) {
		c.ev.ready.unpush(c) // or a caller who never turns the loop fills it
	}
	c.gen++
	c.cb = nil
	c.flags = c.flags&^queued | dropped
	if sd := c.side; sd != nil && (sd.cleanup != nil || sd.release != nil) {
		c.farewell()
	} else {
		c.bury()
	}
}

// farewell tells cleanup and release. Whatever they do, c is out of the lists
// and is buried afterwards.
func (c *core) farewell() {
	c.unlink()
	defer c.bury()
	if f := c.side.cleanup; f != nil {
		c.tell(Cleaned)
		f(StateEnded)
	}
	if c.state == StateDone && !c.has(received) {
		c.self.release()
	}
}

// bury ends the life, unless the implementer still works.
func (c *core) bury() {
	c.self.clear()
	c.flags |= ended
	if !c.has(held) {
		c.free()
		return
	}
	c.detach()
	p, wait := c.parent, c.has(waitedFor)
	c.flags &^= waitedFor
	c.unlink() // abandoned: what remains is the implementer's alone
	c.parent = nil
	if !c.ev.closed {
		c.ev.roots.add(c)
	}
	if wait {
		p.childFree()
	}
}

// free makes the Op startable again and tells who waited for that.
func (c *core) free() {
	p := c.parent
	wait := c.has(waitedFor)
	c.unlink()
	if c.side != nil {
		c.detach()
		c.ev.recycle(c.side)
		c.side = nil
	}
	c.parent, c.stop, c.flags, c.state = nil, nil, 0, StateFree
	if c.freed != nil {
		c.freed()
	}
	if wait {
		p.childFree()
	}
}
