//go:build linux

package main

import (
	"encoding/binary"
	"math/rand/v2"
)

// pattern is the stream that every connection sends and expects back: random
// messages, repeated for ever. Connections start at different messages, so
// that a byte on the wrong connection or at the wrong place does not match.
type pattern struct {
	message int // bytes of one message on the wire
	period  int // bytes until it repeats
	bytes   []byte
}

func newPattern(size int, framed bool) *pattern {
	header := 0
	if framed {
		header = 4
	}
	p := &pattern{message: header + size}
	p.period = p.message * min(max(1<<20/p.message, 4), 256)
	p.bytes = make([]byte, p.period, 2*p.period)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range p.bytes {
		p.bytes[i] = byte(rnd.Uint32())
	}
	for at := 0; framed && at < p.period; at += p.message {
		binary.BigEndian.PutUint32(p.bytes[at:], uint32(size))
	}
	p.bytes = append(p.bytes, p.bytes...)
	return p
}

// at returns up to n bytes of the stream from position pos on.
func (p *pattern) at(pos int64, n int) []byte {
	off := int(pos % int64(p.period))
	return p.bytes[off : off+min(n, p.period)]
}
