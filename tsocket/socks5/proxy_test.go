package socks5_test

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// proxy is an honest SOCKS 5 server: CONNECT without authentication, and names
// from a table.
type proxy struct {
	ev    *tevent.Context
	l     *tsocket.Listener
	names map[string]tsocket.Address
	saw   []string // what has passed, in order
	all   []tevent.Req[tevent.None]
}

// end gives up whoever is still served.
func (p *proxy) end() {
	p.l.Close()
	for _, r := range p.all {
		r.Drop()
	}
}

// serve accepts until the listener is closed.
func (p *proxy) serve() {
	p.l.Accept().SetCallback(func(r tevent.Req[*tsocket.Stream]) {
		s, err := r.Result()
		if err != nil {
			return
		}
		h := &relay{p: p, client: s}
		h.Start(p.ev, "relay")
		h.Own(s)
		h.Req().SetCallback(func(r tevent.Req[tevent.None]) { r.Result() }) // clients fail as they like
		p.all = append(p.all, h.Req())
		s.Readv(h.buf[:2]).Then(h, h.greeted)
		p.serve()
	})
}

// relay is one client of the proxy.
type relay struct {
	tevent.Op[tevent.None]
	p              *proxy
	client, target *tsocket.Stream
	buf            [512]byte
	n              int
}

func (h *relay) greeted(int) { h.client.Readv(h.buf[2:2+int(h.buf[1])]).Then(h, h.offered) }

func (h *relay) offered(n int) {
	if h.buf[0] != 5 || !strings.Contains(string(h.buf[2:2+n]), "\x00") {
		h.refuse([]byte{5, 0xff})
		return
	}
	h.client.Writev([]byte{5, 0}).Then(h, h.allowed)
}

func (h *relay) allowed(int) { h.client.Readv(h.buf[:5]).Then(h, h.asked) }

// asked has the request up to the first byte of its address.
func (h *relay) asked(int) {
	h.n = map[byte]int{1: 4, 3: 1 + int(h.buf[4]), 4: 16}[h.buf[3]]
	switch {
	case h.buf[1] != 1:
		h.refuse([]byte{5, 7, 0, 1, 0, 0, 0, 0, 0, 0})
	case h.n == 0:
		h.refuse([]byte{5, 8, 0, 1, 0, 0, 0, 0, 0, 0})
	default:
		h.client.Readv(h.buf[5:4+h.n+2]).Then(h, h.addressed)
	}
}

func (h *relay) addressed(int) {
	host, port := h.buf[4:4+h.n], uint16(h.buf[4+h.n])<<8|uint16(h.buf[5+h.n])
	if h.buf[3] == 3 {
		to, ok := h.p.names[string(host[1:])]
		if !ok {
			h.refuse([]byte{5, 4, 0, 1, 0, 0, 0, 0, 0, 0})
			return
		}
		tsocket.Connect(h.p.ev, to).Handle(h, h.reached)
		return
	}
	ip, _ := netip.AddrFromSlice(host)
	tsocket.Connect(h.p.ev, tsocket.Inet(netip.AddrPortFrom(ip, port))).Handle(h, h.reached)
}

func (h *relay) refuse(answer []byte) { h.client.Writev(answer).Then(h, h.refused) }

func (h *relay) refused(int) { h.Done(tevent.None{}) }

func (h *relay) reached(s *tsocket.Stream, err error) {
	if err != nil {
		h.refuse([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	h.target = s
	h.Own(s)
	h.client.Writev([]byte{5, 0, 0, 1, 127, 0, 0, 1, 0, 80}).Then(h, h.answered)
}

func (h *relay) answered(int) {
	out, in := h.pump("client", h.client, h.target), h.pump("target", h.target, h.client)
	tevent.All(h.p.ev, out, in).Then(h, h.carried)
}

func (h *relay) carried([]tevent.None) { h.Done(tevent.None{}) }

// pump carries one direction up to its end, which it passes on.
func (h *relay) pump(name string, from, to *tsocket.Stream) tevent.Req[tevent.None] {
	x := &pump{p: h.p, name: name, from: from, to: to}
	x.Start(h.p.ev, "pump")
	x.read()
	return x.Req()
}

type pump struct {
	tevent.Op[tevent.None]
	p        *proxy
	name     string
	from, to *tsocket.Stream
	n        int
}

func (x *pump) read() { tevent.Handle(x.from.Peek(1), x, (*pump).got) }

func (x *pump) got(b []byte, err error) {
	switch {
	case errors.Is(err, io.EOF):
		x.p.saw = append(x.p.saw, "the end of the "+x.name)
		x.to.ShutdownWrite().Then(x, x.ended)
	case x.Fail(err):
	default:
		x.n = len(b)
		x.p.saw = append(x.p.saw, fmt.Sprintf("%d bytes of the %s", x.n, x.name))
		tevent.Then(x.to.Writev(b), x, (*pump).wrote)
	}
}

func (x *pump) wrote(int) {
	x.from.Consume(x.n)
	x.read()
}

func (x *pump) ended(int) { x.Done(tevent.None{}) }
