//go:build unix

package sim_test

import (
	"encoding/binary"
	"net/netip"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/socks5"
)

// talkByName finds the parrot by the name of its host, whose first addresses may
// be nobody's.
func talkByName(v *visitor) error {
	s, err := tevent.Wait(v.ev, tsocket.Dial(v.ev, "market.example:7").SetTimeout(patience))
	if err != nil {
		return err
	}
	return v.talk(s)
}

// openNothing is for what another stall has opened.
func openNothing(*keeper) error { return nil }

// broker is a SOCKS proxy for one connection: greeting → request → connect → both
// ways until either is over.
type broker struct {
	tevent.Op[tevent.None]
	ev       *tevent.Context
	near     *tsocket.Stream
	far      *tsocket.Stream
	greeting [3]byte
	request  [10]byte
	open     int // directions
}

func openBroker(k *keeper) error {
	return k.receive("[::]:1080", func(s *tsocket.Stream) tevent.Req[tevent.None] {
		b := &broker{ev: k.ev, near: s}
		b.Start(k.ev, "broker")
		b.Own(s)
		s.Readv(b.greeting[:]).Then(b, b.greeted)
		return b.Req()
	})
}

func (b *broker) greeted(int) {
	b.near.Send([]byte{5, 0}).Then(b, func(int) {})
	b.near.Readv(b.request[:]).Then(b, b.asked)
}

func (b *broker) asked(int) {
	addr := netip.AddrFrom4([4]byte(b.request[4:8]))
	to := netip.AddrPortFrom(addr, binary.BigEndian.Uint16(b.request[8:]))
	tsocket.Connect(b.ev, tsocket.Inet(to)).SetTimeout(patience).Then(b, b.connected)
}

func (b *broker) connected(s *tsocket.Stream) {
	b.far = s
	b.Own(s)
	b.near.Send([]byte{5, 0, 0, 1, 10, 0, 0, 1, 0, 7}).Then(b, func(int) {})
	b.open = 2
	b.copy(b.near, b.far)
	b.copy(b.far, b.near)
}

// copy moves what comes on one side to the other, up to the end.
func (b *broker) copy(from, to *tsocket.Stream) {
	from.Peek(1).Handle(b, func(p []byte, err error) {
		if err != nil {
			to.SendShutdown().Then(b, func(int) { b.over() })
			return
		}
		p = append([]byte(nil), p...)
		from.Consume(len(p))
		to.Send(p).Then(b, func(int) { b.copy(from, to) })
	})
}

func (b *broker) over() {
	if b.open--; b.open == 0 {
		b.Done(tevent.None{})
	}
}

// talkThroughABroker has the parrot at the far end of a proxy.
func talkThroughABroker(v *visitor) error {
	proxy := must(tsocket.ParseAddress("10.0.0.1:1080"))
	s, err := tevent.Wait(v.ev, socks5.Dial(v.ev, proxy, "tcp", "10.0.0.1:7").SetTimeout(patience))
	if err != nil {
		return err
	}
	return v.talk(s)
}
