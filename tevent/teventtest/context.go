package teventtest

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// New returns an event context that t watches until its end: see Open and Watch.
func New(t testing.TB) *tevent.Context {
	t.Helper()
	ev := Open(t)
	Watch(t, ev)
	return ev
}

// Watch tracks from now on what is made on ev. At the end of the test it closes
// ev and reports what is left, as Check does. A failure that nobody takes
// fails the test too.
func Watch(t testing.TB, ev *tevent.Context) {
	ev.SetTracking(true)
	ev.SetLogger(logger(t))
	t.Cleanup(func() {
		t.Helper()
		if err := ev.Close(); err != nil {
			t.Errorf("closing the event context: %v", err)
		}
		Check(t, ev)
	})
}

// Check reports everything that the books of ev hold as an error of t, with
// kind, name and the line where it was made, and receive buffers that streams
// did not give back.
func Check(t testing.TB, ev *tevent.Context) {
	t.Helper()
	for it := range ev.Items() {
		t.Errorf("leaked: %s", it)
	}
	if n := ev.Driver().Buffers.Taken(); n != 0 {
		t.Errorf("leaked: buffer, %d bytes of receive buffers", n)
	}
}
