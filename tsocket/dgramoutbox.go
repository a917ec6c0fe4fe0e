package tsocket

// dgramOutbox is the sending direction: a Sendto or SendBatch, and the datagrams
// of queues whose turn has come.
type dgramOutbox struct {
	head, tail *sendtoOp
	sending    bool // a DgramSend is with the transport
	starting   bool // StartSend is on the stack
}

func (x *dgramOutbox) push(o *sendtoOp) {
	if x.tail == nil {
		x.head = o
	} else {
		x.tail.next = o
	}
	x.tail = o
}

// remove takes o out, wherever it stands.
func (x *dgramOutbox) remove(o *sendtoOp) {
	var prev *sendtoOp
	for p := x.head; p != o; p = p.next {
		prev = p
	}
	if prev == nil {
		x.head = o.next
	} else {
		prev.next = o.next
	}
	if x.tail == o {
		x.tail = prev
	}
	o.next = nil
}

// startSend gives the transport what the outbox has.
func (d *Dgram) startSend() {
	x := &d.out
	if d.tries != nil && x.head != nil {
		d.tries.restSend()
	}
	for x.head != nil && !x.sending {
		x.sending, x.starting = true, true
		d.ops.StartSend(&d.send)
		x.starting = false
	}
	if x.head == nil {
		d.tries.freed()
	}
}

// advanced notes that n packets were sent.
func (d *Dgram) advanced(n int) {
	o := d.out.head
	for range n {
		o.over(nil)
	}
	d.settle(o)
}

// refused notes that a packet cannot be sent.
func (d *Dgram) refused(err error) {
	o := d.out.head
	o.over(err)
	d.settle(o)
}

// settle completes o if nothing of it is left.
func (d *Dgram) settle(o *sendtoOp) {
	if len(o.left()) == 0 {
		d.out.remove(o)
		o.finish(nil)
	}
}

// sent is the end of one DgramSend.
func (d *Dgram) sent() {
	d.out.sending = false
	if !d.out.starting {
		d.startSend()
	}
}

// stopSend takes the outstanding DgramSend back.
func (d *Dgram) stopSend() {
	if d.out.sending {
		d.out.sending = false
		d.ops.CancelSend()
	}
}
