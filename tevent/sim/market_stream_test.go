//go:build unix

package sim_test

import (
	"bytes"
	"errors"
	"io"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tsocket"
)

// parrot sends back what it reads, without a request: with handlers and calls
// that never wait.
type parrot struct {
	tevent.Op[tevent.None]
	s    *tsocket.Stream
	buf  [512]byte
	left []byte // of buf, to be sent
}

func openStreams(k *keeper) error {
	serve := func(s *tsocket.Stream) tevent.Req[tevent.None] {
		p := &parrot{s: s}
		p.Start(k.ev, "parrot")
		p.Own(s)
		s.SetReadableHandler(p.readable)
		return p.Req()
	}
	return errors.Join(k.receive("[::]:7", serve), k.receive("unix:/run/parrot", serve))
}

func (p *parrot) readable() {
	n, err := p.s.TryReadv(p.buf[:])
	if p.ends(err) || n == 0 {
		return
	}
	p.left = p.buf[:n]
	p.s.SetReadableHandler(nil)
	p.s.SetWriteableHandler(p.writeable)
}

func (p *parrot) writeable() {
	n, err := p.s.TryWritev(p.left)
	p.left = p.left[n:]
	if p.ends(err) || len(p.left) > 0 {
		return
	}
	p.s.SetWriteableHandler(nil)
	p.s.SetReadableHandler(p.readable)
}

// ends finishes with an error that is none of waiting. The end of the stream is none.
func (p *parrot) ends(err error) bool {
	switch {
	case err == nil || errors.Is(err, syscall.EAGAIN):
		return false
	case errors.Is(err, io.EOF):
		err = nil
	}
	p.Finish(tevent.None{}, err)
	return true
}

func talkToStreams(v *visitor) error {
	to := "10.0.0.1:7"
	if v.market.near() && v.rand.IntN(2) == 0 {
		to = "unix:/run/parrot"
	}
	s, err := tevent.Wait(v.ev, tsocket.Connect(v.ev, must(tsocket.ParseAddress(to))).SetTimeout(patience))
	if err != nil {
		return err
	}
	return v.talk(s)
}

// talk sends a text, ends its direction, and reads the text again up to the end.
func (v *visitor) talk(s *tsocket.Stream) error {
	defer s.Close()
	bits := 12
	if has(v.market.plan, sim.OneByte) || has(v.market.plan, sim.Buffers) {
		bits = 9
	}
	text := v.text(1 + v.rand.IntN(1<<bits))
	for left := text; len(left) > 0; {
		n := 1 + v.rand.IntN(len(left))
		s.Send(left[:n]).Ignore()
		left = left[n:]
	}
	end := s.SendShutdown().SetTimeout(patience)
	got := make([]byte, len(text))
	n, err := tevent.Wait(v.ev, s.Readv(got).SetTimeout(patience))
	if !bytes.HasPrefix(text, got[:n]) {
		v.wrong("%d bytes came back as others", n)
	}
	if err != nil {
		end.Drop()
		return err
	}
	if _, err := tevent.Wait(v.ev, end); err != nil {
		return err
	}
	if _, err = tevent.Wait(v.ev, s.Readv(make([]byte, 1)).SetTimeout(patience)); err == nil {
		v.wrong("more came back than was sent")
	}
	v.market.bytes += 2 * int64(len(text))
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return err
}
