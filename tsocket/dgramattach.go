package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// SetEventContext moves an idle endpoint between contexts: with nil it leaves its
// loop, called there; with a context it joins that loop, called there. EBUSY while
// an operation, Monitor included, is pending.
func (d *Dgram) SetEventContext(ev *tevent.Context) error {
	var err error
	switch {
	case d.state != connected:
		err = d.usable()
	case d.busy() || d.monitor != nil:
		err = syscall.EBUSY
	case ev == d.ev:
	case ev != nil && d.ev != nil:
		err = syscall.EINVAL // leave one first
	case ev != nil:
		err = d.join(ev)
	default:
		err = d.leave()
	}
	return d.wrap("set event context", err)
}

func (d *Dgram) leave() error {
	d.tries.end()
	err := d.ops.Detach()
	if err == nil {
		d.held.Release()
		d.ev = nil
	}
	return err
}

func (d *Dgram) join(ev *tevent.Context) error {
	if err := d.ops.Attach(ev); err != nil {
		return err
	}
	d.attached(ev)
	d.recvfrom, d.recvBatch, d.sendto, d.queued, d.tries = nil, nil, nil, nil, nil // those belong to the other loop
	return nil
}
