package sim_test

import (
	"bytes"
	"io"
	"time"

	"github.com/tsocket-go/tsocket/examples/quickstart/transfer"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
)

// patience is how long one job may take.
const patience = 30 * time.Second

// client sends a file there and back.
type client struct {
	party *party
	name  string
	file  []byte
	pings int
	proc  *sim.Proc
	bytes oracle.Bytes
	ended time.Duration // when
	err   error
}

// run is the client's process.
func (c *client) run(ev *tevent.Context) {
	c.bytes.Name = c.name
	c.party.pairs.Connected(c.name)
	res, err := tevent.Wait(ev, transfer.Dial(ev, endpoint(ev, c.name), c.party.addr, transfer.Job{
		Pings: c.pings,
		From:  io.TeeReader(bytes.NewReader(c.file), sent{&c.bytes}),
		Size:  int64(len(c.file)),
		To:    received{c},
	}).SetTimeout(patience))
	c.ended, c.err = c.party.w.Elapsed(), err
	if err != nil {
		c.party.agree.Said(c.name, c.name, "", err)
		return
	}
	c.party.agree.Said(c.name, c.name, verdict(res.Plan), nil)
	c.party.w.Violate(c.bytes.Whole())
	c.party.w.Violate(oracle.Exact(len(c.file), int(c.bytes.Count()), nil))
}

// sent notes what was read from the file to be sent.
type sent struct{ b *oracle.Bytes }

func (s sent) Write(p []byte) (int, error) {
	s.b.Sent(p)
	return len(p), nil
}

// received judges what comes back.
type received struct{ c *client }

func (r received) Write(p []byte) (int, error) {
	n, err := r.c.bytes.Write(p)
	r.c.party.w.Violate(err)
	return n, err
}
