package teventtest

import (
	"os"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// Backend is the mechanism that tests run on, one of tevent.Backends: what the
// environment variable TSOCKET_BACKEND says, otherwise the best.
func Backend() string {
	if name := os.Getenv("TSOCKET_BACKEND"); name != "" {
		return name
	}
	if all := tevent.Backends(); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Open returns an event context that nobody watches: what tevent.New makes,
// unless TSOCKET_BACKEND names a mechanism. It ends the test when it fails.
func Open(t testing.TB) *tevent.Context {
	t.Helper()
	open := tevent.New
	if name := os.Getenv("TSOCKET_BACKEND"); name != "" {
		open = func() (*tevent.Context, error) { return tevent.NewBackend(name) }
	}
	ev, err := open()
	if err != nil {
		t.Fatal(err)
	}
	return ev
}
