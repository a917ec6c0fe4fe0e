package precon

import (
	"syscall"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/tevent"
)

// Channel is how the two halves of one attempt talk: contact data in STEP
// frames over the bootstrap, at most 8 a side and 16 KiB together. It is valid
// until the half has ended.
type Channel struct {
	h     *half
	inbox [][]byte
	wait  *recvStep
	over  bool
}

// recvStep waits for the peer half's next step.
type recvStep struct {
	tevent.Op[[]byte]
}

// SendStep sends data to the peer's half and completes when it is queued.
//
// Errors: ErrStepLimit beyond the limits, ErrHalfOver when the half has ended.
func (c *Channel) SendStep(data []byte) tevent.Req[tevent.None] {
	s := c.h.s
	o := &tevent.Op[tevent.None]{}
	o.Start(s.ev, "step")
	err := ErrHalfOver
	s.input(func() (acts []machine.Action) {
		acts, err = s.m.SendStep(c.h.attempt, data)
		return acts
	})
	o.Finish(tevent.None{}, err)
	return o.Req()
}

// RecvStep completes with the peer half's next step, in order.
//
// Errors: EBUSY beside another RecvStep, ErrHalfOver when the half has ended.
func (c *Channel) RecvStep() tevent.Req[[]byte] {
	switch {
	case c.over:
		return tevent.Failed[[]byte](c.h.s.ev, "step", ErrHalfOver)
	case c.wait != nil:
		return tevent.Failed[[]byte](c.h.s.ev, "step", syscall.EBUSY)
	}
	o := &recvStep{}
	o.Start(c.h.s.ev, "step")
	o.SetCancel(func(cause error) bool {
		c.wait = nil
		return o.Fail(cause)
	})
	c.wait = o
	c.hand()
	return o.Req()
}

// end is the end of the half.
func (c *Channel) end() {
	c.over, c.inbox = true, nil
	if o := c.wait; o != nil {
		c.wait = nil
		o.Fail(ErrHalfOver)
	}
}

// deliver is a step of the peer's half.
func (c *Channel) deliver(data []byte) {
	c.inbox = append(c.inbox, data)
	c.hand()
}

// hand gives the oldest step to who waits.
func (c *Channel) hand() {
	if c.wait == nil || len(c.inbox) == 0 {
		return
	}
	o, data := c.wait, c.inbox[0]
	c.wait, c.inbox = nil, c.inbox[1:]
	o.Done(data)
}
