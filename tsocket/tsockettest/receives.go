package tsockettest

import (
	"context"
	"os"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var receives = []dgramGuarantee{
	{"D1 a datagram comes whole, with its sender", wholeDatagram},
	{"D1 an empty datagram is one like any other", emptyDatagram},
	{"D1 a datagram that is too long is cut and says so", cutDatagram},
	{"D1 one receive at a time", oneReceive},
	{"D1 a cancelled receive has taken nothing", cancelReceive},
	{"R7 a deadline fails the request and not the endpoint", deadlineReceive},
	{"R1 a receive that is finished at once is called back from the loop", lateCallback},
}

func wholeDatagram(p *dgrams) {
	p.send(p.a, "there")
	p.send(p.a, "and there")
	p.recv(p.b, "there")
	p.recv(p.b, "and there")
	p.send(p.b, "back")
	p.recv(p.a, "back")
}

func emptyDatagram(p *dgrams) {
	p.send(p.a, "")
	p.send(p.a, "x")
	p.send(p.a, "")
	p.recv(p.b, "")
	p.recv(p.b, "x")
	if g := get(p, p.b.Recvfrom(nil)); g.N != 0 || g.Truncated {
		p.Fatalf("an empty datagram for an empty buffer: %+v", g)
	}
}

func cutDatagram(p *dgrams) {
	for _, room := range []int{0, 3} {
		p.send(p.a, "abcdef")
		buf := make([]byte, room)
		if g := get(p, p.b.Recvfrom(buf)); g.N != room || !g.Truncated || string(buf) != "abcdef"[:room] {
			p.Fatalf("%+v, %q for a buffer of %d", g, buf, room)
		}
	}
	p.send(p.a, "next")
	p.recv(p.b, "next")
}

func oneReceive(p *dgrams) {
	buf := make([]byte, 9)
	r := p.b.Recvfrom(buf)
	fails(p, p.b.Recvfrom(make([]byte, 9)), syscall.EBUSY)
	p.send(p.a, "first")
	p.came(p.b, get(p, r), buf, "first")
	r = p.b.Recvfrom(buf)
	p.send(p.a, "second")
	p.until("it ends", func() bool { return !r.InProgress() })
	p.send(p.a, "third")
	p.recv(p.b, "third") // a result that nobody has taken blocks nothing
	p.came(p.b, get(p, r), buf, "second")
}

func cancelReceive(p *dgrams) {
	buf := []byte("mine")
	r := p.b.Recvfrom(buf)
	p.idle()
	r.Cancel()
	fails(p, r, context.Canceled)
	r = p.b.Recvfrom(buf)
	r.Drop()
	p.send(p.a, "text")
	p.idle()
	if string(buf) != "mine" {
		p.Fatalf("a cancelled receive left %q", buf)
	}
	p.recv(p.b, "text")
}

func deadlineReceive(p *dgrams) {
	_, err := tevent.Wait(p.ev, p.b.Recvfrom(nil).SetTimeout(time.Millisecond))
	p.is(err, os.ErrDeadlineExceeded, context.DeadlineExceeded)
	p.send(p.a, "ok")
	p.recv(p.b, "ok")
}

func lateCallback(p *dgrams) {
	p.send(p.a, "x")
	p.idle()
	called := false
	r := p.b.Recvfrom(make([]byte, 1))
	r.SetCallback(func(r tevent.Req[tsocket.Datagram]) {
		called = true
		if _, err := r.Result(); err != nil {
			p.Error(err)
		}
	})
	if called {
		p.Fatal("called back inside the call")
	}
	p.until("the callback", func() bool { return called })
}
