package main

import (
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// ask connects, sends a word, and completes with as many bytes of answer.
func ask(ev *tevent.Context, addr tsocket.Address, word string) tevent.Req[string] {
	a := &asking{word: []byte(word), answer: make([]byte, len(word))}
	a.Start(ev, "ask")
	tsocket.Connect(ev, addr).Then(a, a.connected)
	return a.Req()
}

type asking struct {
	tevent.Op[string]
	s            *tsocket.Stream
	word, answer []byte
}

func (a *asking) connected(s *tsocket.Stream) {
	a.s = s
	a.Own(s)
	s.Writev(a.word).Then(a, a.sent)
}

func (a *asking) sent(int) { a.s.Readv(a.answer).Then(a, a.answered) }

func (a *asking) answered(int) { a.Done(string(a.answer)) }
