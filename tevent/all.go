package tevent

import "errors"

// all waits for every one of its children. It keeps what each said about the
// release of its value: when all fails or nobody receives it, the values that
// are there already go back.
type all[T any] struct {
	Op[[]T]
	values   []T
	releases []func(T)
	left     int
}

// All completes when every one of reqs is done, with their values in the order
// given; it fails with the first failure, ends the others and releases what
// was done before. No reqs is done at once.
func All[T any](ev *Context, reqs ...Req[T]) Req[[]T] {
	a := &all[T]{values: make([]T, len(reqs)), releases: make([]func(T), len(reqs)), left: len(reqs)}
	a.Start(ev, "all")
	a.SetRelease(a.handBack)
	a.SetCleanup(a.over)
	for i, r := range reqs {
		r = r.orDead(a)
		r.op.adopt(a.base(), &part[T]{a, i})
	}
	if len(reqs) == 0 {
		a.Done(a.values)
	}
	return a.Req()
}

// part is the callback of one child.
type part[T any] struct {
	a *all[T]
	i int
}

func (p *part[T]) call(c *core) {
	o := c.self.(*Op[T])
	var release func(T)
	if o.side != nil {
		release, _ = o.side.release.(func(T))
	}
	v, err := o.take()
	if !p.a.Fail(err) {
		p.a.got(p.i, v, release)
	}
}

func (a *all[T]) got(i int, v T, release func(T)) {
	a.values[i], a.releases[i] = v, release
	a.left--
	if a.left == 0 {
		a.Done(a.values)
	}
}

func (a *all[T]) over(s State) {
	if s == StateFailed {
		a.handBack(a.values)
	}
}

func (a *all[T]) handBack(vs []T) {
	for i, release := range a.releases {
		if release != nil {
			release(vs[i])
		}
	}
}

// first waits for one of its children to succeed.
type first[T any] struct {
	Op[T]
	errs []error
	left int
}

// Any completes with the value of the first of reqs that is done, and ends the
// others; when all have failed, it fails with their errors joined. No reqs
// fails at once with ErrNoRequest.
func Any[T any](ev *Context, reqs ...Req[T]) Req[T] {
	a := &first[T]{errs: make([]error, len(reqs)), left: len(reqs)}
	a.Start(ev, "any")
	for i, r := range reqs {
		r.Handle(a, func(v T, err error) { a.got(i, v, err) })
	}
	if len(reqs) == 0 {
		a.Fail(ErrNoRequest)
	}
	return a.Req()
}

func (a *first[T]) got(i int, v T, err error) {
	if err == nil {
		a.Done(v)
		return
	}
	a.errs[i] = err
	a.left--
	if a.left == 0 {
		a.Fail(errors.Join(a.errs...))
	}
}
