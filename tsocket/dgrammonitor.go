package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// Monitor completes, always with an error, when one is there although nobody
// receives: what the network tells a connected endpoint of what it sent, such as
// ECONNREFUSED, which the next receive still finds; net.ErrClosed or ECONNABORTED
// when the endpoint is closed on this side. A peer that says nothing goes away
// unseen. EALREADY beside another Monitor.
func (d *Dgram) Monitor() tevent.Req[tevent.None] {
	err := d.usable()
	if err == nil && d.monitor != nil {
		err = syscall.EALREADY
	}
	if err != nil {
		return tevent.Failed[tevent.None](d.context(), "monitor", d.wrap("monitor", err))
	}
	o := &monitorOp{}
	o.Start(d.ev, "monitor")
	o.SetCancel(func(cause error) bool {
		d.stopMonitor(cause)
		return true
	})
	d.monitor = o
	d.ops.Monitor(d.endMonitor)
	return o.Req()
}

// stopMonitor ends it, of the transport too.
func (d *Dgram) stopMonitor(err error) {
	if d.monitor != nil {
		d.ops.Monitor(nil)
		d.endMonitor(err)
	}
}

func (d *Dgram) endMonitor(err error) {
	if o := d.monitor; o != nil {
		d.monitor = nil
		o.Fail(d.wrap("monitor", err))
	}
}
