package tsocket

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
)

// streamAddr is a as package net has the address of a stream: a *net.TCPAddr or
// *net.UnixAddr, or a itself if it is neither.
func streamAddr(a Address) net.Addr {
	switch {
	case a.unix:
		return &net.UnixAddr{Name: a.path, Net: "unix"}
	case a.inet.IsValid():
		return net.TCPAddrFromAddrPort(a.inet)
	}
	return a
}

// dgramAddr is a as package net has the address of datagrams: a *net.UDPAddr or
// *net.UnixAddr, or a itself if it is neither.
func dgramAddr(a Address) net.Addr {
	switch {
	case a.unix:
		return &net.UnixAddr{Name: a.path, Net: "unixgram"}
	case a.inet.IsValid():
		return net.UDPAddrFromAddrPort(a.inet)
	}
	return a
}

// addressFrom is an address of package net, or any other whose text ParseAddress
// reads.
func addressFrom(addr net.Addr) (Address, error) {
	switch a := addr.(type) {
	case nil:
		return Address{}, syscall.EDESTADDRREQ
	case Address:
		return a, nil
	case *net.UDPAddr:
		ap := a.AddrPort()
		return Inet(netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())), nil
	case *net.UnixAddr:
		return Unix(a.Name)
	}
	return ParseAddress(addr.String())
}

// netError is err as package net tells it: the end of a stream is a bare io.EOF,
// all else a *net.OpError with net's own verb.
func netError(verb string, local, remote net.Addr, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return io.EOF
	}
	if e, ok := err.(*net.OpError); ok {
		err = e.Err
	}
	if e, ok := err.(*os.SyscallError); ok {
		err = e.Err
	}
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError(verb, errno)
	}
	e := &net.OpError{Op: verb, Source: local, Addr: remote, Err: err}
	if remote != nil {
		e.Net = remote.Network()
	} else if local != nil {
		e.Net = local.Network()
	}
	return e
}
