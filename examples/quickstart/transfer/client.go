package transfer

import (
	"io"
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Job is what a client does with its connection.
type Job struct {
	Pings int       // round trips to measure
	From  io.Reader // what is sent; read on the pool of the context, never in two places at once
	Size  int64     // how many bytes of it, at least 1
	To    io.Writer // what came back; written on the loop
}

// Result is what a client found out.
type Result struct {
	Plan precon.Plan
	RTTs RTTs
	Took time.Duration // of the file, there and back
}

// client dials, measures round trips, and sends the file there and back.
type client struct {
	tevent.Op[*Result]
	ev    *tevent.Context
	job   Job
	conn  *precon.Conn
	began time.Time
	left  int // directions under way
	res   Result
}

// Dial connects ep to the server at addr, does the job and ends the connection.
// It completes when everything has come back.
func Dial(ev *tevent.Context, ep *precon.Endpoint, addr tsocket.Address, job Job) tevent.Req[*Result] {
	c := &client{ev: ev, job: job}
	c.Start(ev, "client")
	ep.Dial(addr).Then(c, c.dialled)
	return c.Req()
}

func (c *client) dialled(conn *precon.Conn) {
	c.conn = conn
	c.Own(conn)
	c.res.Plan = conn.Plan()
	ping(c.ev, conn.Stream(), c.job.Pings).Then(c, c.pinged)
}

func (c *client) pinged(r RTTs) {
	c.res.RTTs = r
	c.began = c.ev.Now()
	c.left = 2
	send(c.ev, c.conn.Stream(), c.job.From, c.job.Size).Then(c, c.moved)
	receive(c.ev, c.conn.Stream(), c.job.To, c.job.Size).Then(c, c.moved)
}

// moved goes on when both directions are done.
func (c *client) moved(tevent.None) {
	if c.left--; c.left > 0 {
		return
	}
	c.res.Took = c.ev.Now().Sub(c.began)
	c.conn.Stream().SendShutdown().Then(c, func(int) { c.Done(&c.res) })
}
