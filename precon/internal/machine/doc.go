// Package machine is one side of one negotiation without I/O, clock or
// goroutine: decoded frames and local events go in, a list of actions comes
// out. The same inputs always give the same actions.
//
// The shell around it owns the bootstrap connection, the timers and the halves:
//
//	m, err := machine.New(config)
//	do(m.Start())
//	for each frame: h, err := wire.ParseHeader(head, m.Limit())
//		err == nil: read h.Len bytes, do(m.Frame(h.Type, payload))
//		err != nil: do(m.Event(machine.Malformed{err}))
//	for each local event: do(m.Event(e))
//
// # Duties of the shell
//
// Actions are carried out in order, all of them before the next input; no input
// is given from inside a hook. Sends are queued and never fail: a broken write is
// a [ReadError] or [FIN]. For each [BeginHalf] the half starts in a later turn and
// its end is told by exactly one [HalfReleased], unless [Open] took it: after
// [CancelHalf] or [HalfFailed], once nothing of the half is left. One timer is
// enough: [Arm] replaces the running one. In Ending bytes need
// not be parsed; only their end counts. After [Handover] frames are no longer
// read; after [Close] nothing is sent or read. [Report] or [Loop] is the last
// action of a machine that did not come up.
//
// # Errors
//
// What a peer sends never panics; it ends in a [Fault]. Illegal local use
// (a HalfReleased nobody waits for, Start twice) panics with the state.
//
// # Concurrency
//
// A Machine is owned by the loop. Ladder and the duration helpers are pure.
package machine
