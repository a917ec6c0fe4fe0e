package posix

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/unix"
)

// segmentControl is a control message that says how many bytes make a datagram;
// nil for 0.
func segmentControl(size int) []byte {
	if size == 0 {
		return nil
	}
	b := make([]byte, unix.CmsgSpace(2))
	h := (*unix.Cmsghdr)(unsafe.Pointer(&b[0]))
	h.Level, h.Type = unix.IPPROTO_UDP, unix.UDP_SEGMENT
	h.SetLen(unix.CmsgLen(2))
	binary.NativeEndian.PutUint16(b[unix.CmsgLen(0):], uint16(size))
	return b
}

// joined is the size that a control message says, if it is of that kind.
func joined(m *unix.SocketControlMessage) int {
	if m.Header.Level != unix.IPPROTO_UDP || m.Header.Type != unix.UDP_GRO || len(m.Data) < 4 {
		return 0
	}
	return int(binary.NativeEndian.Uint32(m.Data))
}
