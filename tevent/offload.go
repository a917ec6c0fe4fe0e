package tevent

// Offload runs f, which may block, on a bounded pool of goroutines and
// completes with its outcome. f cannot be stopped: a deadline or the parent's
// finish gives the caller his outcome at once, and the late result of f is
// dropped; Cancel reports false. f owns no memory of the request's caller. A
// panic of f is not recovered.
func Offload[T any](ev *Context, f func() (T, error)) Req[T] {
	o := &Op[T]{}
	o.Start(ev, "offload")
	ev.host.Go(func() {
		v, err := f()
		ev.Post(func() { o.Finish(v, err) })
	})
	return o.Req()
}
