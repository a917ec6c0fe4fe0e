package tevent

import "errors"

// all waits for every one of its children.
type all[T any] struct {
	Op[[]T]
	values []T
	left   int
}

// All completes when every one of reqs is done, with their values in the order
// given; it fails with the first failure, and ends the others. No reqs is done
// at once.
func All[T any](ev *Context, reqs ...Req[T]) Req[[]T] {
	a := &all[T]{values: make([]T, len(reqs)), left: len(reqs)}
	a.Start(ev, "all")
	for i, r := range reqs {
		r.Then(a, func(v T) { a.got(i, v) })
	}
	if len(reqs) == 0 {
		a.Done(a.values)
	}
	return a.Req()
}

func (a *all[T]) got(i int, v T) {
	a.values[i] = v
	a.left--
	if a.left == 0 {
		a.Done(a.values)
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
