package tsocket

import "syscall"

// The receiving direction: one receiver at a time, which has one receive of the
// transport's.

// mayReceive is why no receive may start: nil if one may.
func (d *Dgram) mayReceive() error {
	err := d.usable()
	if err == nil && d.receiver != nil {
		err = syscall.EBUSY
	}
	return err
}

// startRecv makes r the receiver.
func (d *Dgram) startRecv(r dgramReceiver) {
	if d.tries != nil {
		d.tries.restRecv()
	}
	d.receiver = r
	d.ops.StartRecv(&d.recv)
	if d.receiver == r {
		r.arm()
	}
}

// received is the end of a receive. An error is also Monitor's.
func (d *Dgram) received(n int, err error) {
	r := d.receiver
	d.receiver = nil
	r.finish(n, err)
	d.tries.freed()
	if err != nil {
		d.stopMonitor(err)
	}
}

// stopRecv takes the outstanding receive back and ends it with cause.
func (d *Dgram) stopRecv(cause error) bool {
	r := d.receiver
	d.receiver = nil
	d.ops.CancelRecv()
	r.finish(0, cause)
	d.tries.freed()
	return true
}
