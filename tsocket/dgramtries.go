package tsocket

import (
	"syscall"
)

// dgramTries is what an endpoint has for handlers and for the calls that never
// wait; nil until they are used. It belongs to one context.
type dgramTries struct {
	handlers
	d      *Dgram
	in     dgramTry
	out    sendtoOp
	recv   sockWatch
	send   sockWatch
	arrive patience // where the transport tells of no datagram
	room   patience // where it tells of no room
}

// try is the endpoint's.
func (d *Dgram) try() *dgramTries {
	if d.tries == nil {
		t := &dgramTries{d: d}
		t.handlers.init(d.ev)
		t.out.d, t.out.tried = d, true
		t.recv.init(&t.handlers, &t.read)
		t.send.init(&t.handlers, &t.write)
		t.read.free = func() bool { return d.receiver == nil }
		t.write.free = func() bool { return d.out.head == nil }
		t.read.watch, t.read.rest = t.watchRecv, t.restRecv
		t.write.watch, t.write.rest = t.watchSend, t.restSend
		d.tries = t
	}
	return d.tries
}

// freed says that a direction has no request any more.
func (t *dgramTries) freed() {
	if t != nil {
		t.soon()
	}
}

// end forgets the handlers.
func (t *dgramTries) end() {
	if t != nil {
		t.handlers.end()
	}
}

// SetReadableHandler has f called from the loop while a datagram, or an error, may
// be there: once a turn until TryRecvfrom has said EAGAIN. The rest is as for
// Stream.SetReadableHandler. Over a transport other than a socket it is called
// after 1 ms, doubling to 64 ms. Source: tsocket_set_readable_handler.
func (d *Dgram) SetReadableHandler(f func()) {
	if d.usable() == nil {
		t := d.try()
		t.set(&t.read, f)
	}
}

// SetWriteableHandler has f called from the loop while there may be room to send:
// once a turn until TrySendto has said EAGAIN. A unix socket tells nothing of its
// peers' room; it is called as over other transports. The rest is as for
// Stream.SetWriteableHandler. Source: tsocket_set_writeable_handler.
func (d *Dgram) SetWriteableHandler(f func()) {
	if d.usable() == nil {
		t := d.try()
		t.set(&t.write, f)
	}
}

// watchRecv waits for a datagram.
func (t *dgramTries) watchRecv() {
	f, ok := t.d.ops.(*dgramOps)
	if !ok {
		t.arrive.wait(t.ev, func() { t.tell(&t.read) })
	} else if f.sock.Readable(&t.recv.IO) {
		t.tell(&t.read)
	}
}

// watchSend waits for room.
func (t *dgramTries) watchSend() {
	f, ok := t.d.ops.(*dgramOps)
	if !ok || f.family == syscall.AF_UNIX {
		t.room.wait(t.ev, func() { t.tell(&t.write) })
	} else if f.sock.Writeable(&t.send.IO) {
		t.tell(&t.write)
	}
}

// restRecv ends the wait for a datagram.
func (t *dgramTries) restRecv() {
	t.arrive.stop()
	if f, ok := t.d.ops.(*dgramOps); ok {
		f.sock.Cancel(&t.recv.IO)
	}
}

// restSend ends the wait for room.
func (t *dgramTries) restSend() {
	t.room.stop()
	if f, ok := t.d.ops.(*dgramOps); ok {
		f.sock.Cancel(&t.send.IO)
	}
}
