package sys

// Packet is one datagram or message. Like a Msg it lives in the object that
// owns the transfer.
type Packet struct {
	Msg // all buffers may be empty

	// Addr is, for SendPacket, where to: Family 0 is the connected peer. For
	// RecvPacket it is where from.
	Addr Addr
	// Rights are, for SendPacket, descriptors that are passed along; they stay
	// the caller's. RecvPacket appends those that came, close-on-exec and the
	// caller's from then on, as far as the capacity goes; it closes a surplus.
	Rights []int
	// Cut is what did not fit, of a packet that RecvPacket returned.
	Cut Cut
	// N is how many bytes of it were moved, by RecvPackets and SendPackets.
	N int
	// Segment is, for SendPackets, how many bytes make a datagram each, of which
	// the last may have fewer, where the socket knows UDPSegment; 0 is one datagram.
	// RecvPackets sets one above 0 to how many make a datagram each of those that
	// came joined, on a socket with UDPGRO, or to 0.
	Segment int
}

const (
	// MaxPackets is how many packets one call moves at most.
	MaxPackets = 64
	// MaxSegments is how many datagrams one packet may be (UDP_MAX_SEGMENTS of
	// systems that are not the latest).
	MaxSegments = 64
)

// Cut is a set of parts of a packet that the receiver had no room for.
type Cut uint8

const (
	CutBytes  Cut = 1 << iota // bytes beyond the buffers are lost
	CutRights                 // descriptors beyond the capacity were closed
)

// MaxRights is how many descriptors one packet passes at most (SCM_MAX_FD).
const MaxRights = 253

// Cred is a process as the kernel knows it.
type Cred struct {
	PID      int
	UID, GID uint32
}
