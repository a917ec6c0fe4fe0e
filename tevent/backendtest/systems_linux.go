package backendtest

import (
	"os"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/tevent"
)

// systems are those of this port, the best one first.
func systems() []system {
	return []system{{"linux", onLinux}, {"poll", onPoll}, {"sim", inSim}}
}

// onLinux is epoll.
func onLinux(t *testing.T, body func(ev *tevent.Context, raise func(os.Signal))) {
	k := linux.NewKernel()
	p, err := linux.NewPoller(k)
	if err != nil {
		t.Fatal(err)
	}
	onHost(t, k, p, linux.NewHost(0), body)
}
