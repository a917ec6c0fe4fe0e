//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package backend

import "github.com/tsocket-go/tsocket/internal/sys/posix"

func openPoll() (System, error) {
	k := posix.NewKernel()
	p, err := posix.NewPoller(k)
	return System{k, p, posix.NewHost(0)}, err
}
