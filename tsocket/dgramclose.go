package tsocket

import (
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// Close releases the endpoint with force: pending operations complete with
// net.ErrClosed, and so does what is called afterwards. A second Close does
// nothing.
func (d *Dgram) Close() error {
	if d.state == closed {
		return nil
	}
	was := d.state
	d.state = closed
	if d.ev != nil {
		d.abort(net.ErrClosed)
	}
	if was != connected {
		return nil
	}
	return d.release()
}

// Disconnect releases an idle endpoint in order. While its request has not been
// received, operations fail with ECONNABORTED, afterwards with ENOTCONN.
//
// Errors: EBUSY while an operation is pending, EALREADY while another
// Disconnect is, ENOTCONN after it. Source: tdgram_disconnect_send.
func (d *Dgram) Disconnect() tevent.Req[tevent.None] {
	err := d.usable()
	switch {
	case d.state == disconnecting:
		err = syscall.EALREADY
	case err == nil && d.busy():
		err = syscall.EBUSY
	}
	if err != nil {
		return tevent.Failed[tevent.None](d.context(), "disconnect", d.wrap("disconnect", err))
	}
	d.state = disconnecting
	o := &disconnectOp{}
	o.Start(d.ev, "disconnect")
	o.SetCleanup(func(st tevent.State) {
		if st == tevent.StateEnded && d.state == disconnecting {
			d.state = disconnected
		}
	})
	d.abort(syscall.ECONNABORTED)
	o.Finish(tevent.None{}, d.release())
	return o.Req()
}

// OnClose has f called when the endpoint is closed or disconnected, after its
// operations were completed.
func (d *Dgram) OnClose(f func()) { d.onClose = append(d.onClose, f) }

// release gives the transport back.
func (d *Dgram) release() error {
	err := d.ops.Close()
	d.held.Release()
	for _, f := range d.onClose {
		f()
	}
	d.onClose = nil
	return d.wrap("close", err)
}

// abort completes every pending operation with err.
func (d *Dgram) abort(err error) {
	d.tries.end()
	if d.receiver != nil {
		d.stopRecv(err)
	}
	d.stopSend()
	for d.out.head != nil {
		o := d.out.head
		d.out.remove(o)
		o.finish(err)
	}
	d.stopMonitor(err)
}
