//go:build unix

package sim_test

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// purse is how long a message with descriptors is.
const purse = 16

// doors accepts connections and has each served.
type doors struct {
	tevent.Op[tevent.None]
	l     *tsocket.Listener
	serve func(s *tsocket.Stream) tevent.Req[tevent.None]
}

// receive has what comes to addr served until the evening.
func (k *keeper) receive(addr string, serve func(s *tsocket.Stream) tevent.Req[tevent.None]) error {
	l, err := tsocket.Listen(k.ev, must(tsocket.ParseAddress(addr)))
	if err != nil {
		return err
	}
	d := &doors{l: l, serve: serve}
	d.Start(k.ev, "doors")
	d.Own(l)
	k.tend(d.Req())
	d.next()
	return nil
}

func (d *doors) next() { d.l.Accept().Then(d, d.met) }

func (d *doors) met(s *tsocket.Stream) {
	d.serve(s).Handle(d, func(tevent.None, error) {}) // a visitor's trouble is his own
	d.next()
}

// porter gives back the descriptors that it gets.
type porter struct {
	tevent.Op[tevent.None]
	k   sys.Kernel
	s   *tsocket.Stream
	buf [purse]byte
	fds [4]int
}

func openDescriptors(k *keeper) error {
	return k.receive("unix:/run/porter", func(s *tsocket.Stream) tevent.Req[tevent.None] {
		p := &porter{k: k.ev.Driver().Kernel, s: s}
		p.Start(k.ev, "porter")
		p.Own(s)
		p.next()
		return p.Req()
	})
}

func (p *porter) next() { p.s.RecvRights(p.buf[:], p.fds[:]).Then(p, p.got) }

func (p *porter) got(r tsocket.Rights) {
	sub := p.s.SendRights(p.buf[:], r.FDs...)
	for _, fd := range r.FDs {
		p.k.Close(fd)
	}
	sub.Then(p, func(int) { p.next() })
}

// passDescriptors sends counters and gets them back.
func passDescriptors(v *visitor) error {
	s, err := tevent.Wait(v.ev, tsocket.Connect(v.ev, must(tsocket.ParseAddress("unix:/run/porter"))).SetTimeout(patience))
	if err != nil {
		return err
	}
	defer s.Close()
	for range 1 + v.rand.IntN(3) {
		if err := v.pass(s); err != nil {
			return err
		}
	}
	_, err = tevent.Wait(v.ev, s.SendShutdown().SetTimeout(patience))
	return err
}

// pass is one message there and back.
func (v *visitor) pass(s *tsocket.Stream) error {
	k := v.ev.Driver().Kernel
	fd, errno := k.Eventfd(uint32(1 + v.rand.IntN(1000)))
	if errno != 0 {
		return fmt.Errorf("eventfd: %w", errno)
	}
	defer k.Close(fd)
	fds := []int{fd, fd, fd, fd}[:1+v.rand.IntN(4)]
	text := v.text(purse)
	sub := s.SendRights(text, fds...)
	back := make([]byte, purse)
	answer := s.RecvRights(back, make([]int, len(fds))).SetTimeout(patience)
	if _, err := tevent.Wait(v.ev, sub.SetTimeout(patience)); err != nil {
		answer.Drop()
		return err
	}
	r, err := tevent.Wait(v.ev, answer)
	if err != nil {
		return err
	}
	for _, fd := range r.FDs {
		defer k.Close(fd)
	}
	switch {
	case !bytes.Equal(back, text):
		v.wrong("%x came back as %x", text, back)
	case !r.Surplus && len(r.FDs) != len(fds):
		v.wrong("%d descriptors came back as %d", len(fds), len(r.FDs))
	case len(r.FDs) > 0:
		v.compare(k, fd, r.FDs[0])
	}
	v.market.bytes += 2 * purse
	return nil
}

// compare wants a and b to be one counter.
func (v *visitor) compare(k sys.Kernel, a, b int) {
	one := binary.NativeEndian.AppendUint64(nil, 1<<32)
	if _, errno := k.Write(a, one); errno != 0 {
		return
	}
	got := make([]byte, 8)
	if _, errno := k.Read(b, got); errno == 0 && binary.NativeEndian.Uint64(got) < 1<<32 {
		v.wrong("another descriptor came back")
	}
}
