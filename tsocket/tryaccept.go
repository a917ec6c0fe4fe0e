package tsocket

import (
	"net"
	"syscall"
)

// TryAccept takes the next connection, without waiting for one.
//
// Errors: as Accept, which it is EBUSY beside; EAGAIN if there is none, or while the
// listener pauses because the process is out of descriptors or memory. Source:
// tsocket_accept.
func (l *Listener) TryAccept() (*Stream, error) {
	switch {
	case l.closed:
		return nil, l.wrap("accept", net.ErrClosed)
	case l.wait:
		return nil, l.wrap("accept", syscall.EBUSY)
	}
	l.watch.rest()
	for !l.pause.Armed() && l.sock.Accept(&l.io) {
		if s, err := l.outcome(&l.io); s != nil || err != nil {
			l.watch.soon()
			return s, l.wrap("accept", err)
		}
	}
	l.sock.Cancel(&l.io)
	if l.watch == nil {
		return nil, l.wrap("accept", syscall.EAGAIN)
	}
	l.watch.wait()
	return nil, l.watch.read.notYet(l, "accept")
}

// SetReadableHandler has f called from the loop while there may be a connection to
// accept, once a turn until TryAccept has said EAGAIN, and not beside Accept. nil
// ends that, and so does Close; a closed listener takes none. LoopWait goes on
// while a handler is set. Source: tsocket_set_readable_handler.
func (l *Listener) SetReadableHandler(f func()) {
	if l.closed {
		return
	}
	if l.watch == nil {
		l.watch = newListenerWatch(l)
	}
	l.watch.set(&l.watch.read, f)
}

// listenerWatch calls the handler of a listener.
type listenerWatch struct {
	handlers
	l     *Listener
	ready sockWatch
}

func newListenerWatch(l *Listener) *listenerWatch {
	w := &listenerWatch{l: l}
	w.handlers.init(l.ev)
	w.ready.init(&w.handlers, &w.read)
	w.read.free = func() bool { return !l.wait && !l.pause.Armed() }
	w.read.watch = w.await
	w.read.rest = w.rest
	return w
}

// await waits for a connection.
func (w *listenerWatch) await() {
	if w.l.sock.Readable(&w.ready.IO) {
		w.tell(&w.read)
	}
}

// rest ends the wait.
func (w *listenerWatch) rest() {
	if w != nil {
		w.l.sock.Cancel(&w.ready.IO)
	}
}

// wait is an EAGAIN.
func (w *listenerWatch) wait() {
	w.read.due = false
	w.handlers.soon()
}

// soon has the handler called if it is due.
func (w *listenerWatch) soon() {
	if w != nil {
		w.handlers.soon()
	}
}

func (w *listenerWatch) end() {
	if w != nil {
		w.handlers.end()
	}
}
