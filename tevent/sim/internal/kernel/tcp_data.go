package kernel

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (t *tcp) recv(_ *Proc, m *message) (int, sys.Errno) {
	if t.state == stateListen {
		return 0, syscall.ENOTCONN
	}
	if t.in != nil && t.in.unread() > 0 {
		return t.in.receive(m), 0
	}
	switch {
	case t.ended:
		return 0, 0
	case t.err != 0:
		return 0, t.take()
	case t.shut&reading != 0:
		return 0, 0
	case t.state == stateClosed:
		return 0, syscall.ENOTCONN
	}
	return 0, syscall.EAGAIN
}

func (t *tcp) send(_ *Proc, m *message) (int, sys.Errno) {
	if m.packet && m.rights != nil {
		return 0, syscall.EINVAL
	}
	switch e := t.take(); {
	case e != 0:
		return 0, e
	case t.state == stateSynSent, t.state == stateSynReceived:
		return 0, syscall.EAGAIN
	case !t.state.open(), t.shut&writing != 0:
		return 0, syscall.EPIPE
	}
	size := m.size()
	if size == 0 {
		return 0, 0
	}
	n := min(size, t.room())
	if n < size {
		t.host.net.counts.Full++
		t.noSpace = true
	}
	if n <= 0 {
		return 0, syscall.EAGAIN
	}
	t.out.send(m, n)
	return n, 0
}

// room is how much more can be sent now.
func (t *tcp) room() int { return t.options.sendBuf - int(t.out.held()) }

// writable tells whether a third of the buffer is free, which is when those
// who wait for room hear of it.
func (t *tcp) writable() bool {
	if t.out == nil {
		return true
	}
	held := t.out.held()
	return int64(t.options.sendBuf)-held >= held/2 && held < int64(t.options.sendBuf)
}

// acked is called when the peer has acknowledged something.
func (t *tcp) acked(fin bool) {
	if t.noSpace && t.writable() {
		t.noSpace = false
		t.file.wake(sys.Out)
	}
	if fin {
		t.finAcked()
	}
}

// arrived is called when n bytes have come in order; fin says that the peer's
// FIN came behind them.
func (t *tcp) arrived(n int64, fin bool) {
	t.heard, t.probes = t.host.net.now, 0
	if n > 0 {
		t.file.wake(sys.In)
	}
	if fin {
		t.finArrived()
	}
}

// unwilling tells whether bytes that come are refused: the end was sent, and
// nobody will read.
func (t *tcp) unwilling() bool {
	return t.shut&reading != 0 && (t.state == stateFinWait1 || t.state == stateFinWait2)
}

// reset is an RST of the peer. What has been received can still be read.
func (t *tcp) reset() {
	e := sys.Errno(syscall.ECONNRESET)
	switch t.state {
	case stateClosed, stateListen:
		return
	case stateSynReceived:
		t.vanish()
		return
	case stateSynSent:
		e = syscall.ECONNREFUSED
	case stateCloseWait:
		e = syscall.EPIPE
	}
	t.done(e)
}

// giveUp ends a connection whose peer has not answered for too long.
func (t *tcp) giveUp() { t.done(syscall.ETIMEDOUT) }
