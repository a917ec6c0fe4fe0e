package tsocket

import (
	"net"
	"net/netip"
	"os"
	_ "os/exec"
)

func bad() (net.Conn, error) {
	os.Remove("x")
	return net.Dial("tcp", "x")
}

func good(f os.FileMode, _ os.Signal, l net.Listener) netip.Addr {
	var e = os.ErrDeadlineExceeded
	_ = e
	return netip.IPv4Unspecified()
}
