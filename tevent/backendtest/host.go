package backendtest

import (
	"os"
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// onHost runs body on a leak-checked context over a real system, whose signals
// come from the body itself.
func onHost(t *testing.T, k sys.Kernel, p sys.Poller, h sys.Host, body func(*tevent.Context, func(os.Signal))) {
	w := &watchers{Host: h}
	ev := tevent.NewOn(k, p, w)
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
