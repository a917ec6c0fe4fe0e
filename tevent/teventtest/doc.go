// Package teventtest makes a test fail that leaks what an event context or the
// process holds: requests, timers, descriptors, mappings, queue entries, lent
// buffers, goroutines. The report names the kind and the line where it was made.
//
//	func TestGreeting(t *testing.T) {
//		teventtest.Process(t) // first, so that it looks last
//		ev := teventtest.New(t)
//		...
//	}
//
// # Concurrency
//
// The cleanups of New and Watch close the context; a goroutine that runs its
// loop has returned by then. Process looks at the whole process: tests that
// use it do not run in parallel with others.
package teventtest
