package tsockettest

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"net"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/tsocket"
)

var messageTries = []messageGuarantee{
	{"S10 TryRecv receives a message that is there", tryRecv},
	{"S10 TrySend sends a message whole or not at all", trySend},
	{"S10 a call that does not wait is EBUSY beside a request", tryMessageBusy},
	{"S10 a call that does not wait checks as one that does", tryMessageChecks},
	{"S10 a message is cut for TryRecv as for Recv", tryRecvCut},
	{"S10 TryRecv tells the end behind the last message", tryRecvEnd},
	{"S10 requests and calls that do not wait lose nothing between them", tryMixed},
}

// tryUntil wants text to be m's next message.
func (p *messages) tryUntil(m *tsocket.Messages, text string) {
	p.Helper()
	buf := make([]byte, len(text)+1)
	p.came(p.tryAny(m, buf), buf, text)
}

// tryAny is m's next message.
func (p *messages) tryAny(m *tsocket.Messages, buf []byte) (g tsocket.Message) {
	p.Helper()
	p.until("a message comes", func() bool {
		var err error
		if g, err = m.TryRecv(buf); err != nil {
			p.is(err, syscall.EAGAIN)
		}
		return err == nil
	})
	return g
}

// tryFill sends texts of 16 KiB, each with its number, until there is no room.
func (p *messages) tryFill(m *tsocket.Messages) (sent int) {
	p.Helper()
	for refused := 0; refused < 2; { // what the peer has room for moves in the turns between
		text := make([]byte, 16<<10)
		copy(text, numbered(sent + 1)[sent])
		n, err := m.TrySend(text[:1000], text[1000:])
		if err == nil {
			if n != len(text) {
				p.Fatalf("TrySend of %d bytes says %d", len(text), n)
			}
			sent, refused = sent+1, 0
		} else {
			p.is(err, syscall.EAGAIN)
			p.idle()
			refused++
		}
	}
	return sent
}

func tryRecv(p *messages) {
	buf := make([]byte, 9)
	_, err := p.b.TryRecv(buf)
	p.is(err, syscall.EAGAIN)
	p.send(p.a, "one")
	p.send(p.a, "two")
	p.tryUntil(p.b, "one")
	p.tryUntil(p.b, "two")
	_, err = p.b.TryRecv(buf)
	p.is(err, syscall.EAGAIN)
	p.send(p.a, "three") // a Recv has what a TryRecv has waited for
	p.recv(p.b, "three")
	p.recvLater("four")
	p.tryUntil(p.b, "five")
}

// recvLater has a cancelled Recv before a TryRecv.
func (p *messages) recvLater(text string) {
	p.b.Recv(make([]byte, 9)).Drop()
	p.send(p.a, text)
	p.tryUntil(p.b, text)
	p.send(p.a, "five")
}

func trySend(p *messages) {
	n := p.tryFill(p.a)
	r := p.keep(p.a.Send([]byte("behind"))) // what was begun goes first
	for _, text := range numbered(n) {
		buf := make([]byte, 20<<10)
		g := get(p, p.b.Recv(buf))
		if got := string(bytes.TrimRight(buf[:g.N], "\x00")); g.N != 16<<10 || g.Truncated || got != text {
			p.Fatalf("%+v, %q, want %q", g, got, text)
		}
	}
	p.recv(p.b, "behind")
	if k, err := r.wait(); k != 6 || err != nil {
		p.Fatal(k, err)
	}
	if k, err := p.a.TrySend([]byte("a"), nil, []byte("bc")); k != 3 || err != nil {
		p.Fatal(k, err)
	}
	p.recv(p.b, "abc")
}

func tryMessageBusy(p *messages) {
	buf := make([]byte, 4)
	r := p.b.Recv(buf)
	_, err := p.b.TryRecv(make([]byte, 4))
	p.is(err, syscall.EBUSY)
	p.send(p.a, "abc")
	p.came(get(p, r), buf, "abc")
	sent := p.block()
	_, err = p.a.TrySend([]byte("x"))
	p.is(err, syscall.EBUSY)
	for _, r := range sent {
		r.Drop()
	}
}

func tryMessageChecks(p *messages) {
	_, err := p.b.TryRecv(nil)
	p.is(err, syscall.EINVAL)
	_, err = p.a.TrySend(nil, nil)
	p.is(err, syscall.EINVAL)
	p.isOpError(err)
	get(p, p.a.SendShutdown())
	_, err = p.a.TrySend([]byte("x"))
	p.is(err, syscall.EPIPE)
	p.b.Close()
	_, err = p.b.TryRecv(make([]byte, 1))
	p.is(err, net.ErrClosed)
	_, err = p.b.TrySend([]byte("x"))
	p.is(err, net.ErrClosed)
}

func (p *messages) isOpError(err error) {
	p.Helper()
	if e := new(net.OpError); !errors.As(err, &e) {
		p.Fatalf("%#v is no *net.OpError", err)
	}
}

func tryRecvCut(p *messages) {
	long := bytes.Repeat([]byte("0123456789"), 3000)
	for range 2 {
		r := p.keep(p.a.Send(long))
		p.a.Send([]byte("next")).Ignore()
		buf := make([]byte, 7)
		if g := p.tryAny(p.b, buf); g.N != 7 || !g.Truncated || string(buf) != "0123456" {
			p.Fatalf("received %q, %+v", buf, g)
		}
		p.tryUntil(p.b, "next")
		if _, err := r.wait(); err != nil {
			p.Fatal(err)
		}
	}
}

func tryRecvEnd(p *messages) {
	p.send(p.a, "last words")
	get(p, p.a.SendShutdown())
	p.tryUntil(p.b, "last words")
	for range 2 {
		var err error
		p.until("the end is told", func() bool {
			_, err = p.b.TryRecv(make([]byte, 1))
			return !errors.Is(err, syscall.EAGAIN)
		})
		p.is(err, atEnd...)
	}
}

// tryMixed receives what is sent in both ways, in both ways, and gives up now and
// then.
func tryMixed(p *messages) {
	for seed := uint64(1); seed <= 5; seed++ {
		p.mix(seed)
	}
}

// mix is one such exchange, of 30 messages.
func (p *messages) mix(seed uint64) {
	defer func() {
		if p.Failed() {
			p.Logf("seed=%d; replay with: go test -run '^%s$'", seed, strings.ReplaceAll(p.Name(), "/", "$/^"))
		}
	}()
	rnd := rand.New(rand.NewPCG(seed, 0))
	var sent [][]byte
	for i := 0; i < 30; {
		if rnd.IntN(2) == 0 && len(sent) < 30 {
			sent = append(sent, p.sendSomehow(rnd, len(sent)))
		}
		if len(sent) <= i {
			continue
		}
		buf := make([]byte, 1+rnd.IntN(400))
		g, ok := p.recvSomehow(rnd, buf)
		if !ok {
			continue
		}
		want := sent[i][:min(len(buf), len(sent[i]))]
		if !bytes.Equal(buf[:g.N], want) || g.Truncated != (len(want) < len(sent[i])) {
			p.Fatalf("message %d is %.20q, %+v; want %.20q", i, buf[:g.N], g, want)
		}
		i++
	}
}

// sendSomehow sends a message that begins with i.
func (p *messages) sendSomehow(rnd *rand.Rand, i int) []byte {
	p.Helper()
	text := append([]byte{byte(i)}, make([]byte, rnd.IntN(300))...)
	if rnd.IntN(2) == 0 {
		p.a.Send(text).Ignore()
		p.turns(rnd.IntN(3))
		return text
	}
	p.until("there is room", func() bool {
		_, err := p.a.TrySend(text)
		if err != nil && !errors.Is(err, syscall.EBUSY) {
			p.is(err, syscall.EAGAIN)
		}
		return err == nil
	})
	return text
}

// recvSomehow is the next message, unless it gives up.
func (p *messages) recvSomehow(rnd *rand.Rand, buf []byte) (g tsocket.Message, ok bool) {
	p.Helper()
	switch rnd.IntN(3) {
	case 0:
		r := p.b.Recv(buf)
		p.turns(rnd.IntN(3))
		if rnd.IntN(2) == 0 && r.Cancel() {
			r.Drop()
			return g, false
		}
		return get(p, r), true
	case 1:
		return p.tryAny(p.b, buf), true
	}
	g, err := p.b.TryRecv(buf)
	if err != nil {
		p.is(err, syscall.EAGAIN)
	}
	return g, err == nil
}
