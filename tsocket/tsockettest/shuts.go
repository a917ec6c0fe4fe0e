package tsockettest

import (
	"errors"
	"io"
	"syscall"

	"github.com/tsocket-go/tsocket/tsocket"
)

var shuts = []guarantee{
	{"S4 writes go on after ShutdownRead, reads are EPIPE", writeAfterShutdownRead},
	{"S4 ShutdownRead beside a read is EBUSY", shutdownReadBusy},
	{"S4 ShutdownRead ends Monitor", shutdownReadEndsMonitor},
	{"S4 who shuts both directions has no connection any more", shutBoth},
	{"S4 the order of the two does not matter", shutBothTheOtherWay},
	{"S4 flags tell what has ended, and stay", flagsStay},
}

func writeAfterShutdownRead(p *pair) {
	p.write(p.a, "unread")
	p.arrived(p.b, 6)
	get(p, p.b.ShutdownRead())
	_, err := wait(p, p.b.Readv(make([]byte, 1)))
	p.ownEnd(err)
	_, err = wait(p, p.b.Peek(1))
	p.ownEnd(err)
	_, err = wait(p, p.b.ShutdownRead())
	p.ownEnd(err)
	p.write(p.b, "on")
	p.read(p.a, "on")
}

// ownEnd wants the end of a direction that was shut on this side.
func (p *pair) ownEnd(err error) {
	p.Helper()
	p.is(err, syscall.EPIPE)
	if errors.Is(err, io.EOF) {
		p.Fatal("the own end is told as the peer's")
	}
}

func shutdownReadBusy(p *pair) {
	r := p.b.Readv(make([]byte, 1))
	fails(p, p.b.ShutdownRead(), syscall.EBUSY)
	p.write(p.a, "x")
	get(p, r)
	get(p, p.b.ShutdownRead())
}

func shutdownReadEndsMonitor(p *pair) {
	m := p.b.Monitor()
	get(p, p.b.ShutdownRead())
	_, err := wait(p, m)
	p.ownEnd(err)
	_, err = wait(p, p.b.Monitor())
	p.ownEnd(err)
}

func shutBoth(p *pair) {
	told := 0
	p.a.OnClose(func() { told++ })
	get(p, p.a.ShutdownRead())
	if told != 0 {
		p.Fatal("one direction ended the connection")
	}
	get(p, p.a.SendShutdown())
	if told != 1 {
		p.Fatalf("told %d times of the end", told)
	}
	fails(p, p.a.Readv(make([]byte, 1)), syscall.ENOTCONN)
	fails(p, p.a.Writev([]byte("x")), syscall.ENOTCONN)
	fails(p, p.a.Disconnect(), syscall.ENOTCONN)
}

func shutBothTheOtherWay(p *pair) {
	get(p, p.a.SendShutdown())
	p.eof(p.b)
	m := p.b.Monitor()
	get(p, p.b.ShutdownWrite())
	get(p, p.b.ShutdownRead())
	fails(p, m, syscall.EPIPE)
	fails(p, p.b.Readv(make([]byte, 1)), syscall.ENOTCONN)
	if err := p.b.Close(); err != nil {
		p.Fatal(err)
	}
}

func flagsStay(p *pair) {
	flags := func(want tsocket.Flags) {
		p.Helper()
		if got := p.b.Flags(); got != want {
			p.Fatalf("flags %q, want %q", got, want)
		}
	}
	flags(0)
	get(p, p.b.SendShutdown())
	flags(tsocket.SHW)
	get(p, p.a.SendShutdown())
	p.eof(p.b)
	flags(tsocket.SHW | tsocket.SHR)
	p.b.Close()
	flags(tsocket.SHW | tsocket.SHR)
}
