package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// messagesOp makes a connection of messages of what another request brings.
type messagesOp struct {
	tevent.Op[*Messages]
	packets bool // its socket keeps messages apart
}

// ConnectMessages opens a connection of messages to remote: SOCK_SEQPACKET to a
// unix address, frames over TCP to an inet address. For the others it is as
// Connect. Where unix sockets know no messages, EPROTONOSUPPORT; FrameMessages
// makes frames of a unix stream.
func ConnectMessages(ev *tevent.Context, remote Address) tevent.Req[*Messages] {
	return ConnectMessagesFrom(ev, Address{}, remote)
}

// ConnectMessagesFrom is ConnectMessages from a local address, as ConnectFrom.
func ConnectMessagesFrom(ev *tevent.Context, local, remote Address) tevent.Req[*Messages] {
	return messagesOf(ev, "connect", remote.IsUnix(), connectType(ev, messageType(remote), local, remote))
}

// messageType is the type of the sockets that carry messages at an address.
func messageType(a Address) int {
	if a.IsUnix() {
		return syscall.SOCK_SEQPACKET
	}
	return syscall.SOCK_STREAM
}

func messagesOf(ev *tevent.Context, name string, packets bool, sub tevent.Req[*Stream]) tevent.Req[*Messages] {
	o := &messagesOp{packets: packets}
	o.Start(ev, name)
	o.SetRelease(func(m *Messages) { m.Close() })
	sub.Then(o, o.opened)
	return o.Req()
}

func (o *messagesOp) opened(s *Stream) { o.Done(messagesOver(s, o.packets)) }

// messagesOver is the connection of a new stream.
func messagesOver(s *Stream, packets bool) *Messages {
	if packets {
		return packetMessages(s)
	}
	return FrameMessages(s)
}

// SocketpairMessages returns two connected unix sockets of type SOCK_SEQPACKET.
func SocketpairMessages(ev *tevent.Context) (*Messages, *Messages, error) {
	a, b, err := socketpair(ev, syscall.SOCK_SEQPACKET)
	if err != nil {
		return nil, nil, err
	}
	return packetMessages(a), packetMessages(b), nil
}
