package backend

import (
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/internal/sys/posix"
)

// Names are the backends of this system, the best first.
func Names() []string { return []string{"epoll", "poll"} }

// Open makes the backend called name, and it alone.
func Open(name string) (System, error) {
	switch name {
	case "epoll":
		k := linux.NewKernel()
		p, err := linux.NewPoller(k)
		return System{k, p, posix.NewHost(0)}, err
	case "poll":
		return openPoll()
	}
	return System{}, unknown(name)
}

// Best makes the first of Names, and has poll take over when that fails, now or
// later; fell is told once, with the reason.
func Best(fell func(error)) (System, error) {
	k := linux.NewKernel()
	p, err := firstOf(
		func() (sys.Poller, error) { return linux.NewPoller(k) },
		func() (sys.Poller, error) { return posix.NewPoller(k) },
		fell)
	return System{k, p, posix.NewHost(0)}, err
}
