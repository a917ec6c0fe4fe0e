package backendtest

import (
	"os"
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/backend"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// onReal runs body on a leak-checked context over the real system's backend of
// that name, whose signals come from the body itself.
func onReal(t *testing.T, name string, body func(ev *tevent.Context, raise func(os.Signal))) {
	s, err := backend.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	w := &watchers{Host: s.Host}
	ev := tevent.NewOn(s.Kernel, s.Poller, w)
	teventtest.Watch(t, ev)
	body(ev, w.raise)
}

// watchers is a Host whose signals are told by raise. It is owned by the loop.
type watchers struct {
	sys.Host
	all []*watcher
}

type watcher struct {
	sigs []os.Signal
	f    func(os.Signal)
}

// Notify is told by raise.
func (h *watchers) Notify(sigs []os.Signal, f func(os.Signal)) (stop func()) {
	w := &watcher{sigs, f}
	h.all = append(h.all, w)
	return func() { h.all = slices.DeleteFunc(h.all, func(x *watcher) bool { return x == w }) }
}

func (h *watchers) raise(sig os.Signal) {
	for _, w := range h.all {
		if slices.Contains(w.sigs, sig) {
			w.f(sig)
		}
	}
}
