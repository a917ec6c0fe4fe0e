package main

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// receiver takes the PDUs of a file: read → got → read.
type receiver struct {
	tevent.Op[string]
	s    *tsocket.Stream
	left int64
	hash hash.Hash
	bar  bar
}

// receive completes with the SHA-256 of the n bytes that came.
func receive(ev *tevent.Context, s *tsocket.Stream, n int64) tevent.Req[string] {
	x := &receiver{s: s, left: n, hash: sha256.New(), bar: newBar(n)}
	x.Start(ev, "receive file")
	x.read()
	return x.Req()
}

func (x *receiver) read() { tevent.Then(readv.PeekPDU(x.s, frame), x, (*receiver).got) }

func (x *receiver) got(pdu []byte) {
	body := pdu[4:]
	x.hash.Write(body)
	x.left -= int64(len(body))
	x.s.Consume(len(pdu))
	x.bar.show(x.left)
	if x.left > 0 {
		x.read()
		return
	}
	x.Done(hex.EncodeToString(x.hash.Sum(nil)))
}
