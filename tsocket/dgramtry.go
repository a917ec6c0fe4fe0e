package tsocket

import "syscall"

// dgramTry is the receiver of a TryRecvfrom.
type dgramTry struct {
	one [1]Packet
	err error
}

func (o *dgramTry) packets() []Packet       { return o.one[:] }
func (o *dgramTry) finish(_ int, err error) { o.err = err }
func (o *dgramTry) arm()                    {}

// TryRecvfrom receives a datagram that is there, without waiting.
//
// Errors: as Recvfrom, which it is EBUSY beside; EAGAIN if none is there. Source:
// tsocket_recvfrom.
func (d *Dgram) TryRecvfrom(buf []byte) (Datagram, error) {
	if err := d.mayReceive(); err != nil {
		return Datagram{}, d.wrap("recvfrom", err)
	}
	t := d.try()
	o := &t.in
	o.one[0], o.err = Packet{Buf: buf}, nil
	d.startRecv(o)
	if d.receiver == dgramReceiver(o) {
		d.stopRecv(syscall.EAGAIN)
		t.read.due = false
	}
	t.soon()
	p := o.one[0]
	o.one[0] = Packet{}
	switch {
	case o.err == error(syscall.EAGAIN):
		return Datagram{}, t.read.notYet(d, "recvfrom")
	case o.err != nil:
		return Datagram{}, d.wrap("recvfrom", o.err)
	}
	t.arrive.renew()
	return Datagram{N: p.N, From: p.Addr, Truncated: p.Truncated}, nil
}

// TrySendto sends buf as one datagram, without waiting, and returns its length. to
// is the zero Address for the connected peer. The bytes are the caller's again.
//
// Errors: as Sendto, which it is EBUSY beside; EAGAIN if there is no room. Source:
// tsocket_sendto.
func (d *Dgram) TrySendto(buf []byte, to Address) (int, error) {
	if err := d.maySend(); err != nil {
		return 0, d.wrapTo(verbSendto, to, err)
	}
	t := d.try()
	o := &t.out
	o.verb, o.at, o.sent, o.err = verbSendto, 0, 0, nil
	o.one[0] = Packet{Buf: buf, Addr: to}
	o.ps = o.one[:]
	d.offer(o)
	t.soon()
	o.one[0], o.ps = Packet{}, nil
	switch {
	case o.at == 0:
		t.write.due = false
		return 0, d.wrapTo(verbSendto, to, syscall.EAGAIN)
	case o.err != nil:
		return 0, o.err
	}
	t.room.renew()
	return len(buf), nil
}

// offer has the transport take o, if it can.
func (d *Dgram) offer(o *sendtoOp) {
	x := &d.out
	d.tries.restSend()
	x.push(o)
	x.sending, x.starting = true, true
	d.ops.StartSend(&d.send)
	x.starting = false
	if x.head == o {
		d.stopSend()
		x.remove(o)
	}
}
