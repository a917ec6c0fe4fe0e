// Package sys is the operating system as the library sees it: a Kernel for
// calls on descriptors, clock and randomness, a Poller that tells what is
// ready, and a Host for what needs goroutines. Nothing above this package
// touches the system, so that a simulated kernel and a fault injector run the
// code that ships.
//
// The sub-package linux is the real system, posix the same on any Unix, and
// systest the tests that both pass; fault is a Kernel and Poller that fail on
// request.
package sys
