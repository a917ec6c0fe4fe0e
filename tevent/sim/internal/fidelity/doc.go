// Package fidelity holds the proof that the simulated kernel answers as the
// real one does. It has no code of its own.
//
// A scenario is a short script of kernel and poller calls on named
// descriptors; those under testdata are grouped by topic. Every scenario runs
// on both kernels, and every step must get the same answer: the count, the
// bytes, the errno, the addresses, the events. The real kernel is the
// expectation, so no scenario says what is right. Where the real kernel has a
// choice, a step lists after => the answers that are allowed; one answer there
// is what both must give.
//
// TestRandom does the same with lists of operations that a seed makes, and
// cuts a list that differs down to the steps that matter.
//
// The real kernel is Linux 6.18. Where an older one is known to answer
// something else the scenario says so; random lists know no such excuse.
//
//	go test ./tevent/sim/internal/fidelity -run Scenarios -v -show  # what each step answers
//	go test ./tevent/sim/internal/fidelity -run Random -lists 10000 # some minutes
//	go test ./tevent/sim/internal/fidelity -run Random -lists 1 -seed N
//
// # A scenario
//
//	The peer's end comes behind its bytes
//		c s = tcp
//		add s edge
//		send c "last"
//		close c
//		wait
//		recv s 10
//		recv s 10
//
// A line without indentation is the title, # begins a comment. Between the
// steps the network comes to rest. What a step makes is named before =; ports,
// abstract names and descriptors are called by name in the answers too, so
// that two kernels that number them differently compare equal. The verbs and
// their arguments are in the tables of this package's verb files.
package fidelity
