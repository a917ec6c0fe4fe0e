package fault

import (
	"iter"
	"slices"
)

// Call is a method of Kernel or Poller.
type Call uint8

// The calls of a Kernel, but for Now and Start, which are not counted.
const (
	Random Call = iota
	Socket
	Socketpair
	Bind
	Listen
	Connect
	Accept
	Recvmsg
	Sendmsg
	Shutdown
	Close
	Sockname
	Peername
	Sockopt
	SetSockopt
	Pending
	SetNonblock
	Unlink
	Dup
	RecvPacket
	SendPacket
	RecvPackets
	SendPackets
	Join
	Leave
	Peercred
	Eventfd
	Memfd
	Truncate
	Size
	Seal
	Seals
	Read
	Write
	Map
	Unmap
)

// The calls of a Poller, but for Close.
const (
	Add Call = Unmap + 1 + iota
	Want
	Del
	Wait
	Wake

	calls = int(Wake) + 1
)

var names = [calls]string{
	"Random", "Socket", "Socketpair", "Bind", "Listen", "Connect", "Accept", "Recvmsg", "Sendmsg",
	"Shutdown", "Close", "Sockname", "Peername", "Sockopt", "SetSockopt", "Pending", "SetNonblock",
	"Unlink", "Dup", "RecvPacket", "SendPacket", "RecvPackets", "SendPackets", "Join", "Leave", "Peercred", "Eventfd", "Memfd",
	"Truncate", "Size", "Seal", "Seals", "Read", "Write", "Map", "Unmap", "Add", "Want", "Del", "Wait", "Wake",
}

// String is the name of the method.
func (c Call) String() string { return names[c] }

// Named is the call of that name.
func Named(name string) (Call, bool) {
	i := slices.Index(names[:], name)
	return Call(max(i, 0)), i >= 0
}

// Fails tells whether the call has an errno to answer.
func (c Call) Fails() bool { return c != Random && c != Wake }

// All yields every call.
func All() iter.Seq[Call] {
	return func(yield func(Call) bool) {
		for c := range Call(calls) {
			if !yield(c) {
				return
			}
		}
	}
}
