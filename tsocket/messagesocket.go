package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// ConnectMessages is Connect of a SocketMessage, which becomes a connection of
// messages.
func (s *Socket) ConnectMessages(ev *tevent.Context, remote Address) tevent.Req[*Messages] {
	return messagesOf(ev, "connect", true, s.connect(ev, SocketMessage, remote))
}

// Messages makes a SocketMessage that is connected already a connection of messages
// on ev. What is called on one that is not says ENOTCONN.
func (s *Socket) Messages(ev *tevent.Context) (*Messages, error) {
	stream, err := s.stream(ev, SocketMessage)
	if err != nil {
		return nil, err
	}
	return packetMessages(stream), nil
}

// ListenMessages is Listen of a SocketMessage.
func (s *Socket) ListenMessages(ev *tevent.Context, backlog int) (*MessageListener, error) {
	l, err := s.listen(ev, SocketMessage, backlog)
	if err != nil {
		return nil, err
	}
	return &MessageListener{l}, nil
}

// MessagesFromFD makes a connection of messages of a connected socket of type
// SOCK_SEQPACKET and owns it from then on, also when it fails. The descriptor
// becomes non-blocking. EPROTOTYPE: it is of another type.
func MessagesFromFD(ev *tevent.Context, fd int) (*Messages, error) {
	k := ev.Driver().Kernel
	typ := 0
	err := retry(func() (errno sys.Errno) {
		typ, errno = k.Sockopt(fd, syscall.SOL_SOCKET, sys.SoType)
		return errno
	})
	if err == nil && typ != syscall.SOCK_SEQPACKET {
		err = syscall.EPROTOTYPE
	}
	if err != nil {
		closeFD(k, fd)
		return nil, opError("from fd", Address{}, Address{}, err)
	}
	s, err := FromFD(ev, fd)
	if err != nil {
		return nil, err
	}
	return packetMessages(s), nil
}
