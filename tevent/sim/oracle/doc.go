// Package oracle holds judges for worlds of package sim: each watches for one
// thing that a program on this library must never do, whatever goes wrong
// around it. Those with a method Saw are given to World.Watch; the others are
// told by the test what its processes see.
//
//	w := sim.Test(t)
//	w.Inject(sim.Draw(w.Seed(), "server", "client"))
//	w.Watch(oracle.All()...)
//	...
//	if err := oracle.Settles(w, time.Minute, done); err != nil {
//		t.Error(err)
//	}
//
// # Concurrency
//
// An oracle belongs to one world.
package oracle
