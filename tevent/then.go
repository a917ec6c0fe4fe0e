package tevent

import "unsafe"

// Parent is a request that can adopt others: a struct that embeds an Op.
type Parent interface {
	base() *core
	failed(err error)
}

func (c *core) base() *core { return c }

func (o *Op[T]) failed(err error) { o.Fail(err) }

// Then adopts the request: when it is done, parent's step next runs with the
// value; when it fails, parent fails with its error and next never runs. The
// finish of parent ends the request. A nil next is no step: only the failure
// matters.
func (r Req[T]) Then(parent Parent, next func(T)) {
	r.orDead(parent).op.adopt(parent.base(), thenFunc[T](next))
}

// Handle adopts the request and lets parent's step decide: next runs with
// whatever the outcome is. The finish of parent ends the request; then next
// does not run. A nil next is no step: the request lives and ends with parent.
func (r Req[T]) Handle(parent Parent, next func(T, error)) {
	r.orDead(parent).op.adopt(parent.base(), handleFunc[T](next))
}

// Then is Req.Then with a method expression, which allocates nothing:
//
//	tevent.Then(c.s.Writev(b), c, (*conn).wrote)
//
// S embeds its Op by value.
func Then[T, S any, P interface {
	*S
	Parent
}](sub Req[T], parent P, next func(P, T)) {
	c := &sub.orDead(parent).op.core
	c.offset = offset[S](parent)
	c.adopt(parent.base(), thenStep[T, S, P](next))
}

// Handle is Req.Handle with a method expression, which allocates nothing.
func Handle[T, S any, P interface {
	*S
	Parent
}](sub Req[T], parent P, next func(P, T, error)) {
	c := &sub.orDead(parent).op.core
	c.offset = offset[S](parent)
	c.adopt(parent.base(), handleStep[T, S, P](next))
}

// orDead stands a failed request in for one that cannot be received.
func (r Req[T]) orDead(parent Parent) Req[T] {
	if r.live() {
		return r
	}
	return Failed[T](parent.base().ev, "request", r.err())
}

// offset is where the core lies in the struct S around it.
func offset[S any, P interface {
	*S
	Parent
}](parent P) uint32 {
	n := uintptr(unsafe.Pointer(parent.base())) - uintptr(unsafe.Pointer((*S)(parent)))
	if n >= unsafe.Sizeof(*(*S)(parent)) {
		panic("tevent: a parent embeds its Op by value")
	}
	return uint32(n)
}

// outer is the struct around the parent of c.
func outer[S any](c *core) *S {
	return (*S)(unsafe.Add(unsafe.Pointer(c.parent), -int(c.offset)))
}

// The callbacks. Each ends the request before the step runs, so that the step
// may start the same operation again.

type onDone[T any] func(Req[T])

func (f onDone[T]) call(c *core) {
	r := c.self.(*Op[T]).Req()
	defer r.over()
	c.ev.stepping(c)
	f(r)
}

// over ends a request whose callback has returned, or panicked, without Result.
func (r Req[T]) over() {
	if r.op.gen == r.gen {
		r.op.end()
	}
}

type thenFunc[T any] func(T)

func (f thenFunc[T]) call(c *core) {
	p := c.parent
	v, err := c.self.(*Op[T]).take()
	if err != nil {
		p.self.failed(err)
		return
	}
	p.ev.stepping(p)
	if f != nil {
		f(v)
	}
}

type handleFunc[T any] func(T, error)

func (f handleFunc[T]) call(c *core) {
	p := c.parent
	v, err := c.self.(*Op[T]).take()
	p.ev.stepping(p)
	if f != nil {
		f(v, err)
	}
}

type thenStep[T, S any, P interface {
	*S
	Parent
}] func(P, T)

func (f thenStep[T, S, P]) call(c *core) {
	p, s := c.parent, outer[S](c)
	v, err := c.self.(*Op[T]).take()
	if err != nil {
		p.self.failed(err)
		return
	}
	p.ev.stepping(p)
	if f != nil {
		f(s, v)
	}
}

type handleStep[T, S any, P interface {
	*S
	Parent
}] func(P, T, error)

func (f handleStep[T, S, P]) call(c *core) {
	p, s := c.parent, outer[S](c)
	v, err := c.self.(*Op[T]).take()
	p.ev.stepping(p)
	if f != nil {
		f(s, v, err)
	}
}
