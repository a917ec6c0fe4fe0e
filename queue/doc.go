// Package queue serializes requests: each starts when the one before it has
// ended and is free. It is bounded, can be inspected, and lets one operation
// claim several entries, so that many queued writes become one system call.
//
// What waits in a queue is a [Job]: a struct that embeds its tevent.Op and an
// [Entry], so that adding it allocates nothing.
//
//	type ask struct {
//		tevent.Op[Answer]
//		queue.Entry
//		c *client
//	}
//
//	func (c *client) Ask(question string) tevent.Req[Answer] {
//		a := &ask{c: c}
//		a.Start(c.ev, "ask")
//		queue.Add(c.queue, a, len(question), (*ask).begin)
//		return a.Req()
//	}
//
// The queue runs begin, the trigger, from the loop. When the request has
// ended and the implementer has let go, the Op is free, and the entry behind it
// has its turn: a result that nobody takes holds the queue, so that its user sets
// the pace. An implementer who does not want that calls [Entry.Leave].
//
// # Ownership
//
// From Add until its trigger runs a job is the queue's: Cancel, a deadline,
// Drop, [Queue.Fail] and [Queue.Close] end it there, and the others keep their
// order. From its trigger on it is its implementer's, who sets a cancel function
// there if he needs one; the queue only waits for him. So is a job without
// a trigger, the blocker: it works on its own and holds up those behind it.
//
// A trigger may claim the jobs right behind its own that have the same batch
// key, see [Batch]. They are started as one operation and finish one by one in
// order; the first that was not claimed starts when all of them have gone.
//
// # Concurrency
//
// A queue and its entries are owned by the loop of the context given to New,
// which is the context of its jobs. [Queue.Length], [Queue.Bytes], [Queue.Age]
// and [Queue.Name] are safe from any goroutine.
//
// # Errors
//
// [ErrFull] and [ErrClosed] come through the request. That one job failed means
// nothing to the next; Fail is for a failure that is everybody's, such as the
// socket's. A call that cannot be meant, such as adding a job that is in a queue, panics.
package queue
