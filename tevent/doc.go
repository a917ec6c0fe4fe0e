// Package tevent is an event loop with requests. A request is a future: an
// operation that was started, completes on an event context, and hands its
// outcome to one callback. Requests compose into trees, are cancelled, time
// out on their own, and are leak-checked.
//
// The smallest program sleeps and ends:
//
//	ev, err := tevent.New()
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer ev.Close()
//	_, err = tevent.Wait(ev, tevent.Sleep(ev, time.Second))
//
// An operation of one's own is a struct that embeds Op. Its steps are methods
// in reading order, each named by what has just happened:
//
//	func Greet(ev *tevent.Context, addr tsocket.Address) tevent.Req[Reply] {
//		g := &greet{ev: ev}
//		g.Start(ev, "greet")
//		tsocket.Connect(ev, addr).SetTimeout(5*time.Second).Then(g, g.connected)
//		return g.Req()
//	}
//
// # Ownership
//
// The implementer of an operation holds an [Op], the caller a [Req]. Only the
// implementer finishes; Cancel, a deadline, Drop, the parent's finish and
// Context.Close ask. Memory lent to an operation is the caller's again when
// the request has completed. Exactly one completion is delivered for every
// request, only from the loop, never inside the call that started it.
//
// # Concurrency
//
// A context and everything on it belong to the goroutine that runs the loop.
// [Context.Post] and [Await] are the doors for others.
//
// # Errors
//
// A request's error is the operation's own, [ErrDeadline] after a deadline,
// one that is context.Canceled after a cancel, or [ErrClosed] when the context
// was closed. Misuse that is known at the call comes back through the request.
package tevent
