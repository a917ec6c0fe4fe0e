// Package fault is a Kernel and a Poller around real ones that fail on request
// and count every call.
//
// A Plan names the call and the failure. What a kernel promises along with a
// failure is kept:
//
//   - After EAGAIN, and after a short count, the Poller reports the direction
//     ready again in the next Wait, which does not sleep. A fault that answers
//     EAGAIN for ever is reported 100 times, then no more until it is stopped:
//     it is a peer that has gone silent, and no reason to spin.
//   - EINTR is answered at most 100 times in a row, then the call is made.
//   - Close closes, Del forgets, and then they fail.
//   - Connect with EINPROGRESS or EINTR goes on in the background.
//   - Every other call that fails has done nothing; Accept and Socket leave no
//     descriptor behind.
//   - A short count is for streams only; a datagram is never cut.
package fault
