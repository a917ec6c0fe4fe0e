//go:build unix

package sim_test

import (
	"bytes"
	"errors"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tsocket"
)

// postbox accepts connections of messages.
type postbox struct {
	tevent.Op[tevent.None]
	ev *tevent.Context
	l  *tsocket.MessageListener
}

func openMessages(k *keeper) error {
	return errors.Join(k.letters("[::]:25"), k.letters("unix:/run/letters"))
}

// letters has the messages that come to addr sent back.
func (k *keeper) letters(addr string) error {
	l, err := tsocket.ListenMessages(k.ev, must(tsocket.ParseAddress(addr)))
	if err != nil {
		return err
	}
	p := &postbox{ev: k.ev, l: l}
	p.Start(k.ev, "postbox")
	p.Own(l)
	k.tend(p.Req())
	p.next()
	return nil
}

func (p *postbox) next() { p.l.Accept().Then(p, p.met) }

func (p *postbox) met(m *tsocket.Messages) {
	c := &courier{m: m, buf: make([]byte, 2048)}
	c.Start(p.ev, "courier")
	c.Own(m)
	c.next()
	c.Req().Handle(p, func(tevent.None, error) {})
	p.next()
}

// courier sends back the messages of one connection.
type courier struct {
	tevent.Op[tevent.None]
	m   *tsocket.Messages
	buf []byte
}

func (c *courier) next() { c.m.Recv(c.buf).Then(c, c.got) }

func (c *courier) got(g tsocket.Message) {
	c.m.Send(c.buf[:g.N]).Then(c, func(int) { c.next() })
}

func sendMessages(v *visitor) error {
	to := "10.0.0.1:25"
	if v.market.near() && v.rand.IntN(2) == 0 {
		to = "unix:/run/letters"
	}
	m, err := tevent.Wait(v.ev, tsocket.ConnectMessages(v.ev, must(tsocket.ParseAddress(to))).SetTimeout(patience))
	if err != nil {
		return err
	}
	defer m.Close()
	for range 1 + v.rand.IntN(5) {
		if err := v.letter(m); err != nil {
			return err
		}
	}
	if _, err := tevent.Wait(v.ev, m.SendShutdown().SetTimeout(patience)); err != nil {
		return err
	}
	_, err = tevent.Wait(v.ev, m.Recv(make([]byte, 1)).SetTimeout(patience))
	if err == nil {
		v.wrong("a message came that nobody sent")
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return err
}

// letter is one message there and back, sometimes into too small a buffer.
func (v *visitor) letter(m *tsocket.Messages) error {
	bits := 11
	if has(v.market.plan, sim.OneByte) || has(v.market.plan, sim.Buffers) {
		bits = 5 // the least buffer takes no longer one
	}
	text := v.text(1 + v.rand.IntN(1<<bits))
	room := make([]byte, 1+v.rand.IntN(2<<bits))
	m.Send(text).Ignore()
	g, err := tevent.Wait(v.ev, m.Recv(room).SetTimeout(patience))
	if err != nil {
		return err
	}
	if want := text[:min(len(text), len(room))]; !bytes.Equal(room[:g.N], want) || g.Truncated != (len(text) > len(room)) {
		v.wrong("a message of %d bytes came into a buffer of %d as %d others, truncated %v", len(text), len(room), g.N, g.Truncated)
	}
	v.market.bytes += 2 * int64(len(text))
	return nil
}
