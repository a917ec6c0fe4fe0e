package sys

import (
	"net/netip"
	"syscall"
	"time"
)

// Errno is the error of a system call; 0 is success.
type Errno = syscall.Errno

// Kernel is the set of calls the library makes on descriptors, plus time and
// randomness. No call blocks. A Kernel belongs to one event context and is
// called from its goroutine only, except Now, which is safe from any
// goroutine.
//
// Any call may answer EINTR. The caller repeats it, except Connect, which goes
// on in the background, and Close, which has released the descriptor.
type Kernel interface {
	// Now is the monotonic clock in nanoseconds since Start.
	Now() int64
	// Start is the instant at which Now was 0, with a wall and a monotonic reading.
	Start() time.Time
	// Random fills b from the system's source of secrets.
	Random(b []byte)

	// Socket returns a non-blocking, close-on-exec descriptor.
	Socket(domain, typ, proto int) (int, Errno)
	// Socketpair returns two connected non-blocking, close-on-exec descriptors.
	Socketpair(domain, typ, proto int) ([2]int, Errno)
	Bind(fd int, a *Addr) Errno
	Listen(fd, backlog int) Errno
	// Connect starts a connection. EINPROGRESS and EINTR mean that the answer
	// will be in SO_ERROR once the descriptor is writable.
	Connect(fd int, a *Addr) Errno
	// Accept returns a non-blocking, close-on-exec descriptor and the peer.
	Accept(fd int) (int, Addr, Errno)
	// Recvmsg and Sendmsg move bytes between m.Bufs and the socket without
	// blocking and without SIGPIPE. A count of 0 from Recvmsg is the end of a
	// stream.
	Recvmsg(fd int, m *Msg) (int, Errno)
	Sendmsg(fd int, m *Msg) (int, Errno)
	// Shutdown ends one direction: syscall.SHUT_RD, SHUT_WR or SHUT_RDWR.
	Shutdown(fd, how int) Errno
	// Close releases fd whatever it returns; it is never repeated.
	Close(fd int) Errno

	Sockname(fd int) (Addr, Errno)
	Peername(fd int) (Addr, Errno)
	// Sockopt and SetSockopt are for options of type int. The value of SO_LINGER is
	// the seconds to linger; 0 makes Close reset the connection, negative is off.
	Sockopt(fd, level, opt int) (int, Errno)
	SetSockopt(fd, level, opt, value int) Errno
	// Pending is the number of bytes that can be received without waiting.
	Pending(fd int) (int, Errno)
	// SetNonblock makes a descriptor from elsewhere non-blocking.
	SetNonblock(fd int) Errno
	// Unlink removes the name of a unix socket from the file system.
	Unlink(path string) Errno
	// Dup returns another close-on-exec descriptor of the same open file.
	Dup(fd int) (int, Errno)

	// RecvPacket and SendPacket move one datagram or message with what travels
	// beside its bytes; no bytes at all is a datagram like any other. For a
	// stream Recvmsg and Sendmsg are cheaper.
	RecvPacket(fd int, p *Packet) (int, Errno)
	SendPacket(fd int, p *Packet) (int, Errno)
	// RecvPackets and SendPackets move packets, the first of ps, and return how
	// many. Descriptors do not travel with them. The errno says why it was none; an
	// error that RecvPackets meets after some is the next receive's. Beside some,
	// EAGAIN says that there are no more.
	RecvPackets(fd int, ps []Packet) (int, Errno)
	SendPackets(fd int, ps []Packet) (int, Errno)
	// Join has fd receive what is sent to a multicast group and comes through the
	// interface of that name, "" for the one that the system takes; Leave ends that.
	Join(fd int, group netip.Addr, through string) Errno
	Leave(fd int, group netip.Addr, through string) Errno
	// Peercred is who was at the other end of a unix socket when it connected.
	Peercred(fd int) (Cred, Errno)

	// Eventfd returns a non-blocking, close-on-exec counter that starts at initial.
	Eventfd(initial uint32) (int, Errno)
	// Memfd returns a close-on-exec file in memory that can be sealed; name is
	// for people.
	Memfd(name string) (int, Errno)
	// Truncate and Size set and ask how long a file is, in bytes.
	Truncate(fd int, size int64) Errno
	Size(fd int) (int64, Errno)
	// Seal adds to the seals of a file (F_ADD_SEALS), Seals asks for them.
	Seal(fd, seals int) Errno
	Seals(fd int) (int, Errno)
	// Read and Write are for what is no socket, such as a counter: 8 bytes in
	// host order.
	Read(fd int, b []byte) (int, Errno)
	Write(fd int, b []byte) (int, Errno)
	// Map shows the first length bytes of a file as memory that is shared with
	// everybody who maps it. It stays until Unmap gets the same slice.
	Map(fd, length int) ([]byte, Errno)
	Unmap(b []byte) Errno
}

// Msg is one scatter or gather transfer. It lives in the object that owns the
// transfer, so that nothing escapes per call.
type Msg struct {
	Bufs [][]byte // at most MaxBufs are used; empty ones are allowed
	// Local says that the socket may be a unix one: then Recvmsg tells in Cut
	// whether it has closed descriptors that came with the bytes. It stops behind
	// those, so that a short count does not mean that nothing more is there.
	Local, Cut bool
}

// MaxBufs is how many buffers one transfer uses at most (IOV_MAX).
const MaxBufs = 1024

// Addr is the address of a socket as the kernel has it.
type Addr struct {
	Family int            // syscall.AF_INET, AF_INET6, AF_UNIX; 0 is none
	Inet   netip.AddrPort // inet families; an IPv6 zone is kept
	Path   string         // unix: file name, "@name" in the abstract namespace, "" unnamed
}
