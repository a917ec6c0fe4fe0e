package tsocket

import "syscall"

// packetTry receives one message.
type packetTry struct {
	packetIn
	err error
}

func (o *packetTry) receive(t *tries, buf []byte) (Message, error) {
	o.set(buf, nil)
	if t.waits(o) {
		t.s.stopRead()
		o.err = syscall.EAGAIN
	}
	return o.outcome(), end(o.err, false)
}

func (o *packetTry) finish(err error) { o.err = err }
func (o *packetTry) arm()             {}

// watchPackets has the readable handler's watch leave the messages in the socket:
// a receive takes one of them.
func (t *tries) watchPackets() {
	f, w := t.s.ops.(*fdOps), &sockWatch{}
	w.init(&t.handlers, &t.read)
	t.read.watch = func() {
		if t.s.rerr != nil || f.sock.Readable(&w.IO) {
			t.tell(&t.read)
		}
	}
	t.read.rest = func() { f.sock.Cancel(&w.IO) }
}
