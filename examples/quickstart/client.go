package main

import (
	"os"
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
)

// client dials, measures round trips, and sends the file there and back.
type client struct {
	tevent.Op[*report]
	*half
	file  *os.File
	conn  *precon.Conn
	began time.Time
	rep   report
}

// runClient is the process that dials.
func runClient(s settings) error {
	if err := regular(s.file); err != nil {
		return err
	}
	f, err := os.Open(s.file)
	if err != nil {
		return err
	}
	defer f.Close()
	h, err := newHalf("client", s.dial, s)
	if err != nil {
		return err
	}
	c := &client{half: h, file: f}
	_, err = tevent.Wait(h.ev, c.start())
	c.rep.Requests = h.ev.Completed()
	c.rep.Leaked = h.settle(s.leak)
	if err != nil {
		return err
	}
	if err := c.rep.print(os.Stdout, s.json); err != nil {
		return err
	}
	return c.rep.verdict()
}

func (c *client) start() tevent.Req[*report] {
	c.Start(c.ev, "client")
	c.ep.Dial(c.addr).Then(c, c.dialled)
	return c.Req()
}

func (c *client) dialled(conn *precon.Conn) {
	c.conn = conn
	c.Own(conn)
	c.rep.Plan, c.rep.Path = conn.Plan(), conn.Plan().Path
	ping(c.ev, conn.Stream()).Then(c, c.pinged)
}

func (c *client) pinged(r rtts) {
	c.rep.P50, c.rep.P99 = r.micros(50), r.micros(99)
	info, err := c.file.Stat()
	if c.Fail(err) {
		return
	}
	c.rep.Bytes = info.Size()
	c.began = c.ev.Now()
	send(c.ev, c.conn.Stream(), c.file, info.Size()).Then(c, c.sent)
	receive(c.ev, c.conn.Stream(), info.Size()).Then(c, c.received)
}

func (c *client) sent(sum string) {
	c.rep.Sent = sum
	c.settleUp()
}

func (c *client) received(sum string) {
	c.rep.Received = sum
	c.settleUp()
}

// settleUp is done when both directions are.
func (c *client) settleUp() {
	if c.rep.Sent == "" || c.rep.Received == "" {
		return
	}
	took := c.ev.Now().Sub(c.began).Seconds()
	c.rep.Speed = float64(c.rep.Bytes) / took / 1e6
	c.conn.Stream().SendShutdown().Then(c, func(int) { c.Done(&c.rep) })
}
