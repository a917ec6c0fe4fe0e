package fault

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
	"Unlink", "Dup", "RecvPacket", "SendPacket", "Peercred", "Eventfd", "Memfd", "Truncate", "Size",
	"Seal", "Seals", "Read", "Write", "Map", "Unmap", "Add", "Want", "Del", "Wait", "Wake",
}

// String is the name of the method.
func (c Call) String() string { return names[c] }

// fails tells whether the call has an errno to answer.
func (c Call) fails() bool { return c != Random && c != Wake }
