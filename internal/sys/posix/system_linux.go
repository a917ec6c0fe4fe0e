package posix

import (
	"os"

	"golang.org/x/sys/unix"
)

const (
	abstract  = true         // unix sockets have abstract names
	fionread  = unix.TIOCINQ // FIONREAD
	sendFlags = unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL

	soLinger = unix.SO_LINGER

	peerClose  = unix.POLLRDHUP // 0 where poll does not know it
	hangupOnly = true           // POLLHUP is said when both directions are closed
)

// silence keeps fd from raising SIGPIPE where sendFlags do not.
func silence(int) error { return nil }

// Identity is the boot id and the inode of the network namespace.
func (h *Host) Identity() string {
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	netns, _ := os.Readlink("/proc/self/ns/net")
	return string(boot) + netns
}
