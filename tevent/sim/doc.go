// Package sim is a deterministic world to test programs in: processes on hosts,
// a network between them, a clock that jumps to the next thing that happens,
// and faults, all from one seed. The programs are the ones that ship: a process
// is a function with an event context, below which the kernel is simulated.
//
//	func TestGreeting(t *testing.T) {
//		w := sim.Test(t)
//		w.Host("10.0.0.1").Go("server", serve)
//		w.Host("10.0.0.2").Go("client", greet)
//		if err := w.RunUntil(func() bool { return greeted }); err != nil {
//			t.Fatal(err)
//		}
//	}
//
// Everything that could come in another order does, in some world: which of
// several processes runs, how long a call takes, when a packet arrives and in
// how many pieces, whether another process runs in the middle of a callback.
// An hour of idle time-outs takes microseconds. A test that fails prints the
// seed of its world and the command that makes the same world again.
//
// # Processes
//
// [Host.Go] starts a function on an event context of its own. It may use the
// whole library, and run its loop as a program does. It is a coroutine: it runs
// until its loop would sleep, and now and then lets another process run in the
// middle of a call of the kernel. What several processes and the test share
// needs no lock, since only one runs at a time. [Proc.Kill], [Proc.Stop],
// [Proc.Cont] and [Proc.Signal] do what the signals do.
//
// The test runs the world with [World.RunFor], [World.RunUntil] or [World.Run].
// Their error is the panic of a process with its stack, the verdict of an oracle
// or, when nothing can happen any more, a picture of who waits for what.
//
// # Faults
//
// A [Plan] says what goes wrong: calls that fail, short transfers, loss,
// partitions, resets, a process that is killed at its 40th call … It comes in
// three ways. [Draw] makes one from a seed: each seed has its own few kinds of
// faults. [Enumerate] makes one for each way in which each call of a run can
// fail. [ParsePlan] reads one from a text. [World.Inject] puts it into force,
// [World.Calm] ends it, [World.Hits] tells what of it has happened, and [Shrink]
// finds the part of it that makes a test fail.
//
// # Oracles
//
// An [Oracle] sees every call and everything that event contexts do, and ends
// the run when something is wrong. Package oracle has one for each promise that
// this library makes: completions come exactly once, nothing is left at the
// end, no loop spins, no closed descriptor is used, and so on.
//
// # Replay
//
// [World.Hash] is a digest of everything that happened: two runs of one seed
// have the same, with the race detector or without, on however many cores.
// [World.SetLog] writes what happens, a line for each call and each moment of an
// event context: client#2 is a process, #7 the ID of a tevent.TraceEvent.
//
// [Test] and [Seed] choose another seed in each run of a test, so that
//
//	go test -run TestGreeting -count 200
//
// tries 200 worlds; without -count the tool may not run a test again that has
// passed. SIM_SEED=N in the environment, as in the command that a failure prints,
// is the seed of every test that is run.
//
// # Limits
//
// A process has what its context gives it: time from ev.Now, chance from
// ev.Rand, blocking work through tevent.Offload. It starts no goroutines, does
// not call tevent.Await, and reads no clock of its own; tevent.New in it makes a
// context in the real world. A loop that neither turns nor calls the kernel
// holds up the whole world. Deferred functions on the stack of a process that
// is killed do run, on a context that is dead. Memory is shared, so a process
// that changes what another one reads without sending it tests nothing. A
// process that takes the trace of its context with Context.SetTrace hides from
// hash, log and oracles what it does not tell the former function.
//
// # Concurrency
//
// A World belongs to one goroutine at a time; many may run beside each other.
package sim
