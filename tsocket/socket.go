package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// keepAliveSeconds is how long an idle connection waits before it is probed,
// and between probes, as in package net.
const keepAliveSeconds = 15

// openSocket returns a socket of a type, such as SOCK_STREAM, for addr.
func openSocket(k sys.Kernel, typ int, addr Address) (int, error) {
	fd := -1
	err := retry(func() (errno sys.Errno) {
		fd, errno = k.Socket(addr.kernel().Family, typ, 0)
		return errno
	})
	return fd, err
}

// tune sets what a TCP connection starts with: no delay, and keepalive. A
// socket that refuses is still a connection.
func tune(k sys.Kernel, fd int, addr Address) {
	if addr.IsUnix() {
		return
	}
	for _, o := range [...]struct{ level, opt, value int }{
		{syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1},
		{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
		{syscall.IPPROTO_TCP, sys.TCPKeepIdle, keepAliveSeconds},
		{syscall.IPPROTO_TCP, sys.TCPKeepInterval, keepAliveSeconds},
	} {
		for k.SetSockopt(fd, o.level, o.opt, o.value) == syscall.EINTR {
		}
	}
}
