//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package backendtest

import (
	"os"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/posix"
	"github.com/tsocket-go/tsocket/tevent"
)

// onPoll is poll(2), which any Unix has.
func onPoll(t *testing.T, body func(ev *tevent.Context, raise func(os.Signal))) {
	k := posix.NewKernel()
	p, err := posix.NewPoller(k)
	if err != nil {
		t.Fatal(err)
	}
	onHost(t, k, p, posix.NewHost(0), body)
}
