// Package precontest has an arch that does what its script says: it comes up
// after some exchanges of steps, in place or beside, or refuses, fails, hangs
// or is late on the way. With several of them a test walks a ladder.
//
//	m := precontest.NewMeeting(nil)
//	archs := []precon.Arch{
//		precontest.Arch{ID: "mem", Steps: 2, Meeting: m, Script: precontest.Script{Does: precontest.Fails, At: 1}},
//		precontest.Arch{ID: "tcp"},
//	}
//
// # Concurrency
//
// An Arch is immutable; a Meeting belongs to the loop on which both sides are.
package precontest
