package tsocket

import "github.com/tsocket-go/tsocket/tevent"

// MessageListener accepts connections of messages. It is owned by the loop.
type MessageListener struct{ l *Listener }

// ListenMessages opens a listening socket for connections of messages:
// SOCK_SEQPACKET at a unix address, TCP for frames at an inet address. For the
// others it is as Listen.
func ListenMessages(ev *tevent.Context, addr Address) (*MessageListener, error) {
	return ListenConfig{}.ListenMessages(ev, addr)
}

// ListenMessages is the package's ListenMessages with this configuration.
func (c ListenConfig) ListenMessages(ev *tevent.Context, addr Address) (*MessageListener, error) {
	l, err := c.listen(ev, messageType(addr), addr)
	if err != nil {
		return nil, err
	}
	return &MessageListener{l}, nil
}

// Addr is the address the listener has, with the port the system chose.
func (l *MessageListener) Addr() Address { return l.l.Addr() }

// Options are the listening socket's; a connection starts with the same.
func (l *MessageListener) Options() Options { return l.l.Options() }

// Accept completes with the next connection, as that of Listener.
func (l *MessageListener) Accept() tevent.Req[*Messages] {
	return messagesOf(l.l.ev, "accept", l.l.addr.IsUnix(), l.l.Accept())
}

// TryAccept takes the next connection, as that of Listener.
func (l *MessageListener) TryAccept() (*Messages, error) {
	s, err := l.l.TryAccept()
	if err != nil {
		return nil, err
	}
	return messagesOver(s, l.l.addr.IsUnix()), nil
}

// SetReadableHandler is that of Listener, for TryAccept.
func (l *MessageListener) SetReadableHandler(f func()) { l.l.SetReadableHandler(f) }

// Close ends the listener, as that of Listener.
func (l *MessageListener) Close() error { return l.l.Close() }
