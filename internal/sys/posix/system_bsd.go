//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package posix

import "os"

const (
	abstract = false
	fionread = 0x4004667f // _IOR('f', 127, int)
)

// Identity is the name of the host.
func (h *Host) Identity() string {
	name, _ := os.Hostname()
	return name
}
