package tsockettest

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
)

var halves = []guarantee{
	{"S4 reads go on after ShutdownWrite", readAfterShutdown},
	{"S4 writes go on after the peer's end", writeAfterEnd},
	{"S4 writing after ShutdownWrite is EPIPE", writeAfterShutdown},
	{"S3 a peer's end never fails a write", endFailsNoWrite},
}

var states = []guarantee{
	{"S7 Disconnect beside an operation is EBUSY", disconnectBusy},
	{"S7 Disconnect aborts what follows, then there is no connection", disconnectStates},
	{"S7 Disconnect is seen as the end", disconnectIsEnd},
	{"S7 Close completes what is pending", closeCompletes},
	{"S7 Close is final", closeIsFinal},
	{"S7 Monitor tells an end although nobody reads", monitorEnd},
	{"S7 Monitor tells a reset", monitorReset},
	{"S7 Monitor beside Monitor is EALREADY", monitorTwice},
	{"S7 Monitor can be cancelled", monitorCancel},
	{"S7 Disconnect ends Monitor", monitorDisconnect},
	{"S7 OnClose is told after the operations have ended", onClose},
	{"E8 an idle stream does not hold the loop", idleHoldsNothing},
}

var moves = []guarantee{
	{"S8 a stream moves with what was over-read", moveWithBytes},
	{"S8 readiness is fresh after a move", moveFresh},
	{"S8 a pending operation keeps a stream where it is", moveBusy},
	{"S8 a detached stream takes no operation", detached},
	{"S8 a detached stream can be closed", closeDetached},
}

func readAfterShutdown(p *pair) {
	get(p, p.a.ShutdownWrite())
	p.eof(p.b)
	p.write(p.b, "still here")
	p.read(p.a, "still here")
	get(p, p.b.SendShutdown())
	p.eof(p.a)
}

func writeAfterEnd(p *pair) {
	get(p, p.a.SendShutdown())
	p.eof(p.b)
	for range 3 {
		p.write(p.b, "on and on")
		p.idle()
	}
	p.read(p.a, "on and onon and onon and on")
}

func writeAfterShutdown(p *pair) {
	get(p, p.a.ShutdownWrite())
	fails(p, p.a.Writev([]byte("x")), syscall.EPIPE)
	fails(p, p.a.Send([]byte("x")), syscall.EPIPE)
	fails(p, p.a.ShutdownWrite(), syscall.EPIPE)
}

func endFailsNoWrite(p *pair) {
	w := p.block(p.b)
	get(p, p.a.SendShutdown())
	p.idle()
	if !w.InProgress() {
		p.Fatal("a blocked write ended with the peer's end")
	}
	got := make([]byte, p.flood)
	get(p, p.a.Readv(got))
	if n := get(p, w); n != p.flood {
		p.Fatalf("%d bytes were taken", n)
	}
}

func disconnectBusy(p *pair) {
	r := p.b.Readv(make([]byte, 1))
	fails(p, p.b.Disconnect(), syscall.EBUSY)
	p.write(p.a, "x")
	get(p, r)
	w := p.block(p.b)
	fails(p, p.b.Disconnect(), syscall.EBUSY)
	w.Drop()
}

func disconnectStates(p *pair) {
	d := p.a.Disconnect()
	fails(p, p.a.Disconnect(), syscall.EALREADY)
	fails(p, p.a.Readv(make([]byte, 1)), syscall.ECONNABORTED)
	fails(p, p.a.Writev([]byte("x")), syscall.ECONNABORTED)
	fails(p, p.a.Monitor(), syscall.ECONNABORTED)
	fails(p, p.a.Readv(), syscall.EINVAL)
	get(p, d)
	fails(p, p.a.Disconnect(), syscall.ENOTCONN)
	fails(p, p.a.Readv(make([]byte, 1)), syscall.ENOTCONN)
	fails(p, p.a.Peek(1), syscall.ENOTCONN)
	fails(p, p.a.Writev([]byte("x")), syscall.ENOTCONN)
	fails(p, p.a.Send([]byte("x")), syscall.ENOTCONN)
	fails(p, p.a.SendShutdown(), syscall.ENOTCONN)
	fails(p, p.a.Monitor(), syscall.ENOTCONN)
	fails(p, p.a.Drained(), syscall.ENOTCONN)
	if _, err := p.a.Pending(); !errors.Is(err, syscall.ENOTCONN) {
		p.Fatalf("Pending says %v", err)
	}
}

func disconnectIsEnd(p *pair) {
	p.write(p.a, "bye")
	get(p, p.a.Disconnect())
	p.read(p.b, "bye")
	p.eof(p.b)
}

func closeCompletes(p *pair) {
	r := p.a.Readv(make([]byte, 1))
	w := p.block(p.a)
	m := p.a.Monitor()
	if err := p.a.Close(); err != nil {
		p.Fatal(err)
	}
	fails(p, r, net.ErrClosed)
	if n := fails(p, w, net.ErrClosed); n <= 0 || n >= p.flood {
		p.Fatalf("%d bytes were taken", n)
	}
	fails(p, m, net.ErrClosed)
}

func closeIsFinal(p *pair) {
	p.a.Close()
	if err := p.a.Close(); err != nil {
		p.Fatalf("the second Close says %v", err)
	}
	fails(p, p.a.Readv(make([]byte, 1)), net.ErrClosed)
	fails(p, p.a.Peek(1), net.ErrClosed)
	fails(p, p.a.Writev([]byte("x")), net.ErrClosed)
	fails(p, p.a.Send([]byte("x")), net.ErrClosed)
	fails(p, p.a.Monitor(), net.ErrClosed)
	fails(p, p.a.Disconnect(), net.ErrClosed)
	p.eof(p.b)
}

func monitorEnd(p *pair) {
	m := p.b.Monitor()
	p.write(p.a, "last words")
	p.idle()
	if !m.InProgress() {
		p.Fatal("Monitor ended with the peer there")
	}
	p.a.Close()
	fails(p, m, atEnd...)
	p.read(p.b, "last words")
	p.eof(p.b)
	fails(p, p.b.Monitor(), atEnd...)
}

func monitorReset(p *pair) {
	m := p.b.Monitor()
	p.resetB()
	fails(p, m, syscall.ECONNRESET)
}

func monitorTwice(p *pair) {
	m := p.b.Monitor()
	fails(p, p.b.Monitor(), syscall.EALREADY)
	p.idle()
	if !m.InProgress() {
		p.Fatal("the first Monitor ended")
	}
	m.Drop()
}

func monitorCancel(p *pair) {
	m := p.b.Monitor()
	m.Cancel()
	fails(p, m, context.Canceled)
	p.a.Close()
	fails(p, p.b.Monitor(), io.EOF)
}

func monitorDisconnect(p *pair) {
	m := p.b.Monitor()
	get(p, p.b.Disconnect())
	fails(p, m, syscall.ECONNABORTED)
}

func onClose(p *pair) {
	r := p.a.Readv(make([]byte, 1))
	told := 0
	p.a.OnClose(func() {
		if r.InProgress() {
			p.Error("an operation is pending after Close")
		}
		told++
	})
	p.a.Close()
	p.a.Close()
	fails(p, r, net.ErrClosed)
	p.b.OnClose(func() { told++ })
	get(p, p.b.Disconnect())
	p.b.Close()
	if told != 2 {
		p.Fatalf("told %d times of two", told)
	}
}

func idleHoldsNothing(p *pair) {
	p.write(p.a, "x")
	p.read(p.b, "x")
	if err := p.ev.LoopWait(); err != nil {
		p.Fatal(err)
	}
}

// move takes b to a context of its own.
func (p *pair) move() *pair {
	p.Helper()
	if err := p.b.SetEventContext(nil); err != nil {
		p.Fatal(err)
	}
	other := p.other(p)
	p.Cleanup(func() { p.b.Close() })
	if err := p.b.SetEventContext(other); err != nil {
		p.Fatal(err)
	}
	return &pair{scene{p.TB, other}, p.a, p.b, p.flood, p.other}
}

func moveWithBytes(p *pair) {
	p.write(p.a, "abcdef")
	p.arrived(p.b, 6)
	p.read(p.b, "ab")
	q := p.move()
	q.read(p.b, "cd")
	if q.ev != p.b.Context() {
		p.Fatal("the stream is not on its new context")
	}
	p.write(p.a, "gh")
	q.read(p.b, "efgh")
}

func moveFresh(p *pair) {
	r := p.b.Readv(make([]byte, 1)) // readiness was asked for and forgotten
	p.idle()
	r.Drop()
	if err := p.b.SetEventContext(nil); err != nil {
		p.Fatal(err)
	}
	p.write(p.a, "while away")
	get(p, p.a.SendShutdown())
	other := p.other(p)
	p.Cleanup(func() { p.b.Close() })
	if err := p.b.SetEventContext(other); err != nil {
		p.Fatal(err)
	}
	q := &pair{scene{p.TB, other}, p.a, p.b, p.flood, p.other}
	q.idle()
	q.read(p.b, "while away")
	q.eof(p.b)
}

func moveBusy(p *pair) {
	busy := func(what string) {
		p.Helper()
		if err := p.b.SetEventContext(nil); !errors.Is(err, syscall.EBUSY) {
			p.Fatalf("with %s pending: %v", what, err)
		}
	}
	r := p.b.Readv(make([]byte, 1))
	busy("a read")
	r.Drop()
	m := p.b.Monitor()
	busy("a monitor")
	m.Drop()
	p.b.Send([]byte("x")).Ignore()
	busy("a message")
	p.read(p.a, "x")
	if err := p.b.SetEventContext(p.ev); err != nil {
		p.Fatalf("to the context it is on: %v", err)
	}
}

func detached(p *pair) {
	if err := p.b.SetEventContext(nil); err != nil {
		p.Fatal(err)
	}
	fails(p, p.b.Readv(make([]byte, 1)), syscall.EINVAL)
	fails(p, p.b.Writev([]byte("x")), syscall.EINVAL)
	if p.b.Context() != nil {
		p.Fatal("a detached stream has a context")
	}
}

func closeDetached(p *pair) {
	p.write(p.a, "abc")
	p.arrived(p.b, 3)
	get(p, p.b.Peek(3))
	p.b.Consume(1)
	if err := p.b.SetEventContext(nil); err != nil {
		p.Fatal(err)
	}
	if err := p.b.Close(); err != nil {
		p.Fatal(err)
	}
	p.eof(p.a)
}
