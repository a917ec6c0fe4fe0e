//go:build linux

package linux

import (
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// zoneIndex is the index of the interface that an IPv6 zone names, asked of
// the socket fd so that it is the one of its network namespace. A name that no
// interface has may be the index itself.
func zoneIndex(fd int, zone string) (uint32, sys.Errno) {
	if zone == "" {
		return 0, 0
	}
	if ifr, err := unix.NewIfreq(zone); err == nil {
		if unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, ifr) == nil {
			return ifr.Uint32(), 0
		}
	}
	n, err := strconv.ParseUint(zone, 10, 32)
	if err != nil {
		return 0, unix.ENODEV
	}
	return uint32(n), 0
}

// zoneName is the reverse; an interface that is gone is called by its index.
func zoneName(fd int, index uint32) string {
	if ifr, err := unix.NewIfreq(""); err == nil {
		ifr.SetUint32(index)
		if unix.IoctlIfreq(fd, unix.SIOCGIFNAME, ifr) == nil {
			return ifr.Name()
		}
	}
	return strconv.FormatUint(uint64(index), 10)
}
