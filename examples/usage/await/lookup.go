package main

import (
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// frame is one byte of length and as many bytes of word.
var frame readv.Framer = readv.Length{Width: 1}

// lookingUp is one question through a connection of its own. If it has to end
// early, so does the connection.
type lookingUp struct {
	tevent.Op[string]
	s    *tsocket.Stream
	word string
}

func lookUp(ev *tevent.Context, addr tsocket.Address, word string) tevent.Req[string] {
	l := &lookingUp{word: word}
	l.Start(ev, "look up")
	tsocket.Connect(ev, addr).Then(l, l.connected)
	return l.Req()
}

func (l *lookingUp) connected(s *tsocket.Stream) {
	l.s = s
	l.Own(s)
	s.Writev([]byte{byte(len(l.word))}, []byte(l.word)).Then(l, l.sent)
}

func (l *lookingUp) sent(int) { readv.PDU(l.s, frame, nil).Then(l, l.answered) }

func (l *lookingUp) answered(pdu []byte) { l.Done(string(pdu[1:])) }
