package tevent

// Failed is a finished request that failed with err, in storage of its own: so
// misuse that is known at the call comes back through the request. name is
// static text, such as "readv". Source: tevent_req_post.
func Failed[T any](ev *Context, name string, err error) Req[T] {
	o := &Op[T]{}
	o.Start(ev, name)
	o.Fail(err)
	return o.Req()
}
