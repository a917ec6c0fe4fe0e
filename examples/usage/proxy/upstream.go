package main

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// digesting is the server behind the proxy: it begins to read late, reads to
// the end, and only then answers, with the digest, into the direction that is
// still open.
type digesting struct {
	tevent.Op[tevent.None]
	s     *tsocket.Stream
	hash  hash.Hash
	began func()
}

func newUpstream(ev *tevent.Context, l *tsocket.Listener, began func()) tevent.Req[tevent.None] {
	d := &digesting{hash: sha256.New(), began: began}
	d.Start(ev, "upstream")
	d.Own(l)
	l.Accept().Then(d, d.accepted)
	return d.Req()
}

func (d *digesting) accepted(s *tsocket.Stream) {
	d.s = s
	d.Own(s)
	tevent.Sleep(s.Context(), 50*time.Millisecond).Then(d, d.slept)
}

func (d *digesting) slept(tevent.None) {
	d.began()
	d.read()
}

func (d *digesting) read() { tevent.Handle(d.s.Peek(1), d, (*digesting).got) }

func (d *digesting) got(b []byte, err error) {
	switch {
	case errors.Is(err, io.EOF):
		d.s.Send(d.hash.Sum(nil)).Then(d, d.answered)
	case d.Fail(err):
	default:
		d.hash.Write(b)
		d.s.Consume(len(b))
		d.read()
	}
}

func (d *digesting) answered(int) { d.s.SendShutdown().Then(d, d.ended) }

func (d *digesting) ended(int) { d.Done(tevent.None{}) }
