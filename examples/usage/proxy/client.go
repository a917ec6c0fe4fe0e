package main

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// block is what the client sends again and again.
var block = make([]byte, 256<<10)

// uploading sends as fast as its queue takes it, then the end, and reads the
// answer to its end. It completes with whether that was the digest of what it
// had sent.
type uploading struct {
	tevent.Op[bool]
	s      *tsocket.Stream
	left   int
	hash   hash.Hash
	answer []byte
}

func upload(ev *tevent.Context, addr tsocket.Address, size int) *uploading {
	u := &uploading{left: size, hash: sha256.New()}
	u.Start(ev, "upload")
	tsocket.Connect(ev, addr).Then(u, u.connected)
	return u
}

func (u *uploading) connected(s *tsocket.Stream) {
	u.s = s
	u.Own(s)
	u.send(tevent.None{})
}

// send fills the queue, and goes on when it has drained.
func (u *uploading) send(tevent.None) {
	for u.left > 0 && u.s.Room(len(block)) {
		u.left -= len(block)
		u.hash.Write(block)
		u.s.Send(block).Then(u, nil)
	}
	if u.left > 0 {
		u.s.Drained().Then(u, u.send)
		return
	}
	u.s.SendShutdown().Then(u, u.ended)
}

func (u *uploading) ended(int) { u.read() }

func (u *uploading) read() { tevent.Handle(u.s.Peek(1), u, (*uploading).got) }

func (u *uploading) got(b []byte, err error) {
	switch {
	case errors.Is(err, io.EOF):
		u.Done(string(u.answer) == string(u.hash.Sum(nil)))
	case u.Fail(err):
	default:
		u.answer = append(u.answer, b...)
		u.s.Consume(len(b))
		u.read()
	}
}
