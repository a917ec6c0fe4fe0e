package oracle

import (
	"bytes"
	"fmt"
)

// Bytes judges one direction of a connection: what is received is a prefix of
// what was sent, in order, and all of it when nothing went wrong.
type Bytes struct {
	Name string // for the verdict

	sent     int64
	received int64
	ahead    []byte // sent and not received yet
}

// Sent notes bytes that were given to the connection.
func (b *Bytes) Sent(p []byte) {
	b.sent += int64(len(p))
	b.ahead = append(b.ahead, p...)
}

// Received is told what came out at the other end.
func (b *Bytes) Received(p []byte) error {
	same := 0
	for same < min(len(p), len(b.ahead)) && p[same] == b.ahead[same] {
		same++
	}
	at := b.received + int64(same)
	switch {
	case same == len(p):
		b.received = at
		b.ahead = b.ahead[same:]
		return nil
	case same == len(b.ahead):
		return fmt.Errorf("%s: received %d bytes of %d that were sent, then %.16q", b.Name, at, b.sent, p[same:])
	}
	return fmt.Errorf("%s: byte %d was sent as %.16q and received as %.16q", b.Name, at, b.ahead[same:], p[same:])
}

// Write is Received, for what takes an io.Writer.
func (b *Bytes) Write(p []byte) (int, error) {
	if err := b.Received(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Whole is why not everything that was sent has been received.
func (b *Bytes) Whole() error {
	if b.received == b.sent {
		return nil
	}
	return fmt.Errorf("%s: received %d bytes of %d that were sent", b.Name, b.received, b.sent)
}

// Count is how many bytes were received.
func (b *Bytes) Count() int64 { return b.received }

// Exact judges a read of exactly want bytes that ended with n of them and err:
// it has all of them, or an error.
func Exact(want, n int, err error) error {
	if err == nil && n != want {
		return fmt.Errorf("a read of %d bytes ended well with %d", want, n)
	}
	if n > want {
		return fmt.Errorf("a read of %d bytes ended with %d", want, n)
	}
	return nil
}

// Same judges bytes that were read against those that were meant.
func Same(got, want []byte) error {
	if !bytes.Equal(got, want) {
		return fmt.Errorf("read %.32q, want %.32q", got, want)
	}
	return nil
}
