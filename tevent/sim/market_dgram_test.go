//go:build unix

package sim_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// echoes sends every datagram back, batch by batch.
type echoes struct {
	tevent.Op[tevent.None]
	ev      *tevent.Context
	d       *tsocket.Dgram
	in, out []tsocket.Packet
}

func openEchoes(k *keeper, addr string) error {
	d, err := tsocket.OpenDgram(k.ev, must(tsocket.ParseAddress(addr)), tsocket.Address{})
	if err != nil {
		return err
	}
	e := &echoes{ev: k.ev, d: d, in: make([]tsocket.Packet, 8)}
	for i := range e.in {
		e.in[i].Buf = make([]byte, 1<<11)
	}
	e.Start(k.ev, "echoes")
	e.Own(d)
	k.tend(e.Req())
	e.receive()
	return nil
}

func openDatagrams(k *keeper) error {
	return errors.Join(openEchoes(k, "0.0.0.0:9"), openEchoes(k, "[fd00::1]:9"))
}

func openUnixDatagrams(k *keeper) error { return openEchoes(k, "unix:/run/echo") }

func (e *echoes) receive() { tevent.Handle(e.d.RecvBatch(e.in), e, (*echoes).received) }

func (e *echoes) received(n int, err error) {
	e.out = e.out[:0]
	for _, p := range e.in[:n] {
		if p.Addr.IsValid() && !p.Truncated {
			e.out = append(e.out, tsocket.Packet{Buf: p.Buf[:p.N], Addr: p.Addr})
		}
	}
	switch {
	case err != nil:
		e.rest()
	case len(e.out) == 0:
		e.receive()
	default:
		tevent.Handle(e.d.SendBatch(e.out), e, (*echoes).sent)
	}
}

func (e *echoes) sent(int, error) { e.receive() } // who got none asks again

// rest waits for better times.
func (e *echoes) rest() {
	tevent.Handle(tevent.Sleep(e.ev, 50*time.Millisecond), e, func(e *echoes, _ tevent.None, _ error) { e.receive() })
}

// asker is a visitor with an endpoint.
type asker struct {
	*visitor
	d     *tsocket.Dgram
	to    tsocket.Address // zero: connected
	id    uint32          // of the asker in its market, at the head of what it sends
	count uint32          // of what it has sent, behind that
}

// heads is how long the two numbers are.
const heads = 8

func askDatagrams(v *visitor) error {
	servers := []string{"10.0.0.1:9", "[fd00::1]:9"}
	if v.market.near() {
		servers = append(servers, "127.0.0.1:9")
	}
	return v.ask("", servers[v.rand.IntN(len(servers))])
}

func askUnixDatagrams(v *visitor) error { return v.ask("unix:@"+v.name, "unix:/run/echo") }

// ask has some datagrams echoed, from a connected endpoint or not.
func (v *visitor) ask(from, to string) error {
	var local, remote tsocket.Address
	if from != "" {
		local = must(tsocket.ParseAddress(from))
	}
	a := &asker{visitor: v, to: must(tsocket.ParseAddress(to)), id: uint32(len(v.market.asked))}
	v.market.asked = append(v.market.asked, nil)
	if v.rand.IntN(2) == 0 || from == "" {
		remote = a.to
		a.to = tsocket.Address{}
	}
	var err error
	if a.d, err = tsocket.OpenDgram(v.ev, local, remote); err != nil {
		return err
	}
	defer a.d.Close()
	for range 1 + v.rand.IntN(12) {
		if err := a.exchange(); err != nil {
			return err
		}
	}
	return nil
}

// exchange sends one datagram until it comes back.
func (a *asker) exchange() error {
	b := binary.BigEndian.AppendUint32(nil, a.id)
	b = binary.BigEndian.AppendUint32(b, a.count)
	b = append(b, a.text(a.rand.IntN(1024))...)
	a.count++
	a.market.asked[a.id] = append(a.market.asked[a.id], b)
	var all error
	for range 20 {
		err := a.try(b)
		if err == nil {
			a.market.bytes += 2 * int64(len(b))
			return nil
		}
		all = err
		if _, err := tevent.Wait(a.ev, tevent.Sleep(a.ev, 100*time.Millisecond)); err != nil {
			return err
		}
	}
	return all
}

// try sends b once and waits for it.
func (a *asker) try(b []byte) error {
	n, err := tevent.Wait(a.ev, a.d.Sendto(b, a.to).SetTimeout(patience))
	if err != nil {
		return err
	}
	if n != len(b) {
		a.wrong("%d of %d bytes of a datagram were sent", n, len(b))
	}
	room := make([]byte, 2048)
	if a.rand.IntN(4) == 0 {
		room = room[:a.rand.IntN(len(b))]
	}
	deadline := a.ev.Now().Add(300 * time.Millisecond)
	for {
		g, err := tevent.Wait(a.ev, a.d.Recvfrom(room).SetDeadline(deadline))
		if err != nil {
			return err
		}
		if a.check(room, g) && bytes.HasPrefix(b, room[:g.N]) {
			return nil
		}
	}
}

// check judges what came: somebody sent it from this port, and it is cut only
// where there was no room. It reports whether it can be the newest.
func (a *asker) check(room []byte, g tsocket.Datagram) bool {
	got := room[:g.N]
	if len(got) < heads {
		if !g.Truncated {
			a.wrong("%d bytes came, less than any datagram that was sent", g.N)
		}
		return true
	}
	id, count := binary.BigEndian.Uint32(got), binary.BigEndian.Uint32(got[4:])
	if int(id) >= len(a.market.asked) || int(count) >= len(a.market.asked[id]) {
		a.wrong("an answer to what nobody asked")
		return false
	}
	want := a.market.asked[id][count]
	if whole := len(want) <= len(room); g.Truncated == whole || !bytes.Equal(got, want[:min(len(want), len(room))]) {
		a.wrong("datagram %d of %d came back as something else, truncated %v", count, id, g.Truncated)
	}
	return id == a.id && count == a.count-1
}
