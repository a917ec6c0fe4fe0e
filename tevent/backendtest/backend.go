// Package backendtest runs one test on every system that an event context can have,
// so that all keep the same promises.
//
//	func TestTimersFireInOrder(t *testing.T) {
//		backendtest.Each(t, func(b *backendtest.Backend) {
//			... b.Ev ...
//		})
//	}
//
// A body runs on b.Ev alone: it starts no goroutine and does not sleep, for in a
// simulated world it is a process of that world.
package backendtest

import (
	"os"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// Backend is one system with one event context. It is for the body of Each.
type Backend struct {
	testing.TB
	Ev    *tevent.Context
	raise func(sig os.Signal) // sends a signal to the process of Ev
	ends  []func()
}

// Each runs body on every system, each as a subtest with its name: the backends
// that this one has, and "sim".
func Each(t *testing.T, body func(b *Backend)) {
	for _, name := range tevent.Backends() {
		t.Run(name, func(t *testing.T) { onReal(t, name, begin(t, body)) })
	}
	t.Run("sim", func(t *testing.T) { inSim(t, begin(t, body)) })
}

// begin is body for who has a context, and knows how to send its process a
// signal.
func begin(t *testing.T, body func(b *Backend)) func(ev *tevent.Context, raise func(os.Signal)) {
	return func(ev *tevent.Context, raise func(os.Signal)) {
		b := &Backend{TB: t, Ev: ev, raise: raise}
		defer b.end()
		body(b)
	}
}

// Cleanup has f called when the body has returned, where the body ran; what was
// set last is called first. The test's own comes too late: a simulated world is
// over then.
func (b *Backend) Cleanup(f func()) { b.ends = append(b.ends, f) }

// end gives back what the body has not, the youngest first.
func (b *Backend) end() {
	for n := len(b.ends); n > 0; n = len(b.ends) {
		f := b.ends[n-1]
		b.ends = b.ends[:n-1]
		f()
	}
}

// Turn runs one turn.
func (b *Backend) Turn() {
	b.Helper()
	if err := b.Ev.LoopOnce(); err != nil {
		b.Fatal(err)
	}
}

// Look runs one turn that does not sleep.
func (b *Backend) Look() {
	b.Helper()
	defer b.Ev.SetWaitTimeout(b.Ev.SetWaitTimeout(0))
	b.Turn()
}

// Wait runs turns until nothing is left that could happen.
func (b *Backend) Wait() {
	b.Helper()
	if err := b.Ev.LoopWait(); err != nil {
		b.Fatal(err)
	}
}

// Raise sends sig to the process; the loop is told soon.
func (b *Backend) Raise(sig os.Signal) { b.raise(sig) }

// Watch is an FD event that ends with the body.
func (b *Backend) Watch(fd int, flags tevent.Flags, f func(tevent.Flags)) *tevent.FD {
	b.Helper()
	e, err := tevent.NewFD(b.Ev, fd, flags, f)
	if err != nil {
		b.Fatal(err)
	}
	b.ends = append(b.ends, func() { _ = e.Close() })
	return e
}
