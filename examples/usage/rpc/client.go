package main

import (
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// client has any number of calls in flight. It is done when the server has
// closed the connection in order.
type client struct {
	tevent.Op[tevent.None]
	ev    *tevent.Context
	s     *tsocket.Stream
	calls map[uint32]*call
	last  uint32 // id that was given
	late  int    // replies that were nobody's any more
}

func newClient(ev *tevent.Context, s *tsocket.Stream) *client {
	c := &client{ev: ev, s: s, calls: map[uint32]*call{}}
	c.Start(ev, "client")
	c.Own(s)
	c.SetCleanup(c.over)
	c.read()
	return c
}

func (c *client) read() { tevent.Handle(readv.PDU(c.s, frame, nil), c, (*client).got) }

func (c *client) got(pdu []byte, err error) {
	switch {
	case errors.Is(err, io.EOF):
		c.Done(tevent.None{})
		return
	case c.Fail(err):
		return
	case len(pdu) < headerBytes:
		c.Fail(errShort)
		return
	}
	id, body := parse(pdu)
	if k := c.calls[id]; k != nil {
		k.Done(body)
	} else {
		c.late++
	}
	c.read()
}

var errShort = errors.New("rpc: frame without an id")

// over fails what is still in flight when the connection has gone, the oldest
// first.
func (c *client) over(tevent.State) {
	for _, id := range slices.Sorted(maps.Keys(c.calls)) {
		c.calls[id].Fail(io.ErrUnexpectedEOF)
	}
}

// close says that there are no more calls; replies still come.
func (c *client) close() { c.s.SendShutdown().Ignore() }

// call is one call in flight; the client's reader completes it.
type call struct {
	tevent.Op[[]byte]
	client *client
	id     uint32
}

// Call sends body and completes with the reply. A deadline ends the call alone:
// the connection goes on, and the late reply is nobody's.
func (c *client) Call(body string) tevent.Req[[]byte] {
	c.last++
	k := &call{client: c, id: c.last}
	k.Start(c.ev, "call")
	k.SetCancel(k.Fail)    // it ends at once, with the cause
	k.SetCleanup(k.forget) // and leaves the table, however it ends
	c.calls[k.id] = k
	c.s.Send(header(k.id, len(body)), []byte(body)).Then(k, nil)
	return k.Req()
}

func (k *call) forget(tevent.State) { delete(k.client.calls, k.id) }
