package tsockettest

import (
	"errors"
	"syscall"
)

var messageEnds = []messageGuarantee{
	{"S2 the end is EOF, and sticks", messageEnd},
	{"S3 messages before a close are received, the loop idle in between", messagesBeforeClose},
	{"S3 messages before a reset are received, then the reset", messagesBeforeReset},
	{"S3 messages before a reset are received after Monitor told of it", messagesAfterMonitor},
	{"S4 receiving goes on after ShutdownWrite, sending does not", messageHalf},
	{"S4 sending goes on after the peer's end", messageAfterEnd},
	{"S5 a reset sticks for both directions", messageResetSticks},
	{"S9 a blocked Send fails when the peer closes", messageBlocked},
	{"S11 sending to a closed peer is an error and nothing else", messageToClosed},
}

func messageEnd(p *messages) {
	p.send(p.a, "abc")
	get(p, p.a.SendShutdown())
	p.recv(p.b, "abc")
	for range 3 {
		p.ends(p.b)
	}
}

func messagesBeforeClose(p *messages) {
	texts := numbered(5)
	for _, text := range texts {
		p.send(p.a, text)
	}
	p.a.Close()
	p.idle()
	for _, text := range texts {
		p.recv(p.b, text)
		p.idle()
	}
	p.ends(p.b)
}

// resetB aborts a with a message in it that nobody received: b is reset. Before
// that a sends texts.
func (p *messages) resetB(texts ...string) {
	p.Helper()
	for _, text := range texts {
		p.send(p.a, text)
	}
	p.send(p.b, "unread")
	p.idle()
	p.a.Abort()
	p.idle()
}

func messagesBeforeReset(p *messages) {
	p.resetB("one", "two")
	p.recv(p.b, "one")
	p.idle()
	p.recv(p.b, "two")
	fails(p, p.b.Recv(make([]byte, 1)), syscall.ECONNRESET)
}

func messagesAfterMonitor(p *messages) {
	p.resetB("one")
	fails(p, p.b.Monitor(), syscall.ECONNRESET)
	p.recv(p.b, "one")
	fails(p, p.b.Recv(make([]byte, 1)), syscall.ECONNRESET)
}

func messageHalf(p *messages) {
	get(p, p.a.ShutdownWrite())
	p.ends(p.b)
	fails(p, p.a.Send([]byte("x")), syscall.EPIPE)
	fails(p, p.a.ShutdownWrite(), syscall.EPIPE)
	p.send(p.b, "still here")
	p.recv(p.a, "still here")
	get(p, p.b.SendShutdown())
	p.ends(p.a)
}

func messageAfterEnd(p *messages) {
	get(p, p.a.SendShutdown())
	p.ends(p.b)
	for range 3 {
		p.send(p.b, "on and on")
		p.idle()
		p.recv(p.a, "on and on")
	}
}

func messageResetSticks(p *messages) {
	p.resetB()
	for range 2 {
		fails(p, p.b.Recv(make([]byte, 1)), syscall.ECONNRESET)
		fails(p, p.b.Send([]byte("x")), syscall.ECONNRESET)
	}
}

// broken wants one of the errors that a lost peer causes.
func (p *messages) broken(err error) {
	p.Helper()
	if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
		p.Fatalf("the error is %v, want EPIPE or ECONNRESET", err)
	}
}

func messageBlocked(p *messages) {
	sent := p.block()
	p.b.Close()
	for i, r := range sent {
		_, err := wait(p, r)
		if i == len(sent)-1 || err != nil {
			p.broken(err)
		}
	}
}

func messageToClosed(p *messages) {
	p.b.Close()
	var err error
	for range 100 { // TCP takes some until it is told
		if _, err = wait(p, p.a.Send([]byte("x"))); err != nil {
			break
		}
		p.idle()
	}
	p.broken(err)
	_, err = wait(p, p.a.Send([]byte("x")))
	p.broken(err)
}
