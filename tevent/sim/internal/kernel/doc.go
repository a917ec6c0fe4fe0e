// Package kernel is a simulated operating system: hosts, links, and processes
// whose calls are those of internal/sys and answer as Linux does. One seed
// decides all that happens.
//
//	n := kernel.New(seed)
//	a := n.Host(netip.MustParseAddr("10.0.0.1"))
//	p := a.Proc("server", world)
//	ev := tevent.NewOn(p, p.Poller(), host)
//
// A Net has a virtual clock and an agenda. A call of a process takes CallCost
// nanoseconds, in which whatever is due happens; a process with nothing to do
// is parked with the Scheduler, which runs others, or lets Step move the clock.
//
// # What is simulated
//
// Descriptors with open files behind them; epoll, level and edge; TCP with
// handshakes, buffers, segments, time-outs, resets and TIME_WAIT; UDP with
// loss, duplicates, disorder and ICMP errors; unix sockets of the three types
// with names, credentials and descriptors in messages; counters; files in
// memory, which do not grow beyond what was ever mapped of them while they are
// mapped. There are no signals, no files on disk and no urgent data.
//
// # What can go wrong
//
// A Link delays, splits, loses, doubles and reorders what goes over it, or is
// down; a NAT hides hosts; Limits make descriptors, ports, buffers and backlogs
// scarce; Reports make a poller use its freedom; Exit ends a process as its
// death does; Cut is a reset from the way. Errors of calls are the injector's,
// internal/sys/fault.
//
// # Concurrency
//
// Everything is owned by the goroutine that runs the world: coroutines are
// fine, goroutines are not. What the network calls back (At) may call anything.
package kernel
