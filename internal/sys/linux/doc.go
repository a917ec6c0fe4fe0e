// Package linux is the real system of package sys: a Kernel of raw,
// non-blocking calls, a Poller that sleeps in the Go runtime's poller, and a
// Host of goroutines.
//
// Calls that cannot block go through RawSyscall, which does not tell the
// scheduler; a send above 64 KiB, a receive above 128, and every other call goes
// through Syscall, so that a long copy does not keep other goroutines from a CPU.
// What gains nothing from that is posix's.
//
// One Kernel and one Poller make one event context. Neither allocates once it
// is warm, and no thread is blocked while a context sleeps.
package linux
