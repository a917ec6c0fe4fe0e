package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// client has any number of commands in flight. The server answers in their
// order, so who waits longest is the one a reply is for. The client ends with
// its connection, and fails what is in flight with the reason.
type client struct {
	tevent.Op[tevent.None]
	s       *tsocket.Stream
	q       *queue.Queue // commands that are not with the system yet
	calls   []*call      // without a reply, the oldest first
	decoder decoder
	lost    error
}

func newClient(s *tsocket.Stream) *client {
	c := &client{s: s, q: queue.New(s.Context(), "commands")}
	c.Start(s.Context(), "redis")
	c.Own(s)
	c.Own(c.q)
	c.SetCleanup(c.over)
	c.read()
	return c
}

func (c *client) read() { tevent.Handle(readv.PeekPDU(c.s, framer), c, (*client).got) }

// got takes all that one receive has brought.
func (c *client) got(pdu []byte, err error) {
	for err == nil && pdu != nil {
		if err = c.take(pdu); err == nil {
			c.s.Consume(len(pdu))
			pdu, err = readv.Buffered(c.s, framer)
		}
	}
	if !c.lose(err) {
		c.read()
	}
}

// take is the next element of the oldest command's reply.
func (c *client) take(pdu []byte) error {
	v, whole, err := c.decoder.add(pdu)
	switch {
	case err != nil || !whole:
		return err
	case len(c.calls) == 0:
		return errUnasked
	}
	k := c.calls[0]
	c.calls = c.calls[1:]
	switch {
	case !k.InProgress(): // its caller did not wait for it
	case v.kind == '-':
		k.Fail(serverError(v.text))
	default:
		k.Done(v)
	}
	return nil
}

var errUnasked = errors.New("the server answers what was not asked")

// serverError is a reply that says that the command failed.
type serverError string

func (e serverError) Error() string { return "the server says: " + string(e) }

// lose ends the client with an err that is not nil, and reports true.
func (c *client) lose(err error) bool {
	if err == nil {
		return false
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the server closed the connection: %w", err)
	}
	c.lost = err
	return c.Fail(err)
}

func (c *client) over(tevent.State) {
	for _, k := range c.calls {
		if k.InProgress() {
			k.Fail(cmp.Or(c.lost, net.ErrClosed))
		}
	}
	c.calls = nil
}

// call is a command without a reply.
type call struct{ tevent.Op[value] }

// Room reports whether Do takes the command now.
func (c *client) Room(command []byte) bool { return c.q.Room(len(command)) }

// Do sends a command, see encode, and completes with the reply to it. A command
// that was given is sent also if its caller cancels or times out; then the reply
// is nobody's.
//
// Errors: serverError, queue.ErrFull, what ended the connection, net.ErrClosed if
// that was its user.
func (c *client) Do(command []byte) tevent.Req[value] {
	switch {
	case !c.InProgress():
		return tevent.Failed[value](c.s.Context(), "command", cmp.Or(c.lost, net.ErrClosed))
	case !c.Room(command):
		return tevent.Failed[value](c.s.Context(), "command", queue.ErrFull)
	}
	k := &call{}
	k.Start(c.s.Context(), "command")
	k.SetCancel(k.Fail)
	c.calls = append(c.calls, k)
	tevent.Handle(c.s.WritevQueue(c.q, command), c, (*client).wrote)
	return k.Req()
}

// wrote leaves a failure to the reader, who first finds what the server said
// before it broke off, and then the same end.
func (c *client) wrote(int, error) {}

// encode is a command as the server reads it: an array of strings.
func encode(args ...string) []byte {
	b := append(strconv.AppendInt([]byte("*"), int64(len(args)), 10), line.End...)
	for _, a := range args {
		b = append(strconv.AppendInt(append(b, '$'), int64(len(a)), 10), line.End...)
		b = append(append(b, a...), line.End...)
	}
	return b
}
