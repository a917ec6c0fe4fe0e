package backendtest

import (
	"os"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/backend"
	"github.com/tsocket-go/tsocket/tevent"
)

// systems are those of this port, the best one first.
func systems() (all []system) {
	for _, name := range backend.Names() {
		all = append(all, system{name, onReal(name)})
	}
	return all
}

// onReal is a backend of this system.
func onReal(name string) func(*testing.T, func(*tevent.Context, func(os.Signal))) {
	return func(t *testing.T, body func(ev *tevent.Context, raise func(os.Signal))) {
		s, err := backend.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		inPlace(t, s.Kernel, s.Poller, s.Host, body)
	}
}
