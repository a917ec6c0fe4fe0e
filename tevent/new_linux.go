package tevent

import "github.com/tsocket-go/tsocket/internal/sys/linux"

// offloadWorkers bounds how much blocking work of one context runs at once.
const offloadWorkers = 64

// New returns an event context on the system's best mechanism. It fails when
// the process is out of descriptors. Source: tevent_context_init.
func New() (*Context, error) {
	k := linux.NewKernel()
	p, err := linux.NewPoller(k)
	if err != nil {
		return nil, err
	}
	return NewOn(k, p, linux.NewHost(offloadWorkers)), nil
}
