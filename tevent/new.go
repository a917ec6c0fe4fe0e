package tevent

import (
	"fmt"

	"github.com/tsocket-go/tsocket/internal/sys/backend"
)

// New returns an event context on the system's best mechanism. If that fails,
// now or in the middle of a run, the context moves to the next best with all
// that is registered on it, and tells the logger once. New fails when the
// process is out of descriptors, and with an error that is
// errors.ErrUnsupported on a system that has no mechanism, such as Windows.
// Source: tevent_context_init.
func New() (*Context, error) {
	ev := &Context{}
	s, err := backend.Best(ev.fellBack)
	if err != nil {
		return nil, fmt.Errorf("tevent: %w", err)
	}
	ev.build(s.Kernel, s.Poller, s.Host)
	return ev, nil
}

// NewBackend returns an event context on the mechanism called name, one of
// Backends, and on no other: when it fails, so do the turns. The error for
// another name is errors.ErrUnsupported. Source: tevent_context_init_byname.
func NewBackend(name string) (*Context, error) {
	s, err := backend.Open(name)
	if err != nil {
		return nil, fmt.Errorf("tevent: %w", err)
	}
	return NewOn(s.Kernel, s.Poller, s.Host), nil
}

// Backends are the names of the mechanisms that this system has, the best
// first: "epoll" and "poll" on Linux, "poll" on another Unix, none elsewhere.
// Source: tevent_backend_list.
func Backends() []string { return backend.Names() }

func (ev *Context) fellBack(cause error) {
	ev.log().Warn("tevent: the best backend failed, the event context goes on with another", "error", cause)
}
