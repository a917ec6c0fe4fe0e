package main

import (
	"os"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// rules are what the server allows.
type rules struct {
	most     int           // clients
	patience time.Duration // with who is too slow
}

// turnedAway is how many clients more are accepted to be told that there is no
// room; after them the server stops to accept until somebody leaves.
const turnedAway = 64

// server accepts clients until a signal drains it, and completes when the last
// one has gone. One broken client does not end it.
type server struct {
	tevent.Op[tevent.None]
	l      *tsocket.Listener
	rules  rules
	room   room
	accept tevent.Req[*tsocket.Stream]
	full   bool // so that nothing is accepted
	drain  bool
}

const goingDown = "* the server is going down"

func newServer(ev *tevent.Context, l *tsocket.Listener, r rules) *server {
	s := &server{l: l, rules: r}
	s.Start(ev, "server")
	s.Own(l)
	tevent.NextSignal(ev, syscall.SIGTERM, os.Interrupt).Then(s, s.stop)
	s.next()
	return s
}

// next accepts if there is anybody to accept for.
func (s *server) next() {
	s.full = len(s.room.members) >= s.rules.most+turnedAway
	if s.full || s.drain {
		return
	}
	s.accept = s.l.Accept()
	tevent.Handle(s.accept, s, (*server).accepted)
}

func (s *server) accepted(c *tsocket.Stream, err error) {
	if err != nil {
		s.settle(err)
		return
	}
	m := newMember(&s.room, c, s.rules.patience)
	tevent.Handle(m.Req(), s, (*server).ended)
	switch {
	case s.drain: // accepted before stop could cancel
		m.leave(goingDown)
	case len(s.room.members) > s.rules.most:
		s.room.counts.refused++
		m.leave("* there is no room for you")
	default:
		s.room.counts.clients++
	}
	s.next()
}

func (s *server) ended(tevent.None, error) {
	s.settle(nil)
	if s.full {
		s.next()
	}
}

func (s *server) stop(os.Signal) {
	s.drain, s.room.closed = true, true
	s.accept.Cancel()
	for _, m := range s.room.members {
		m.leave(goingDown)
	}
	s.settle(nil)
}

// settle ends the server on a lost listener, or when it drains and nobody is left.
func (s *server) settle(err error) {
	if err != nil && !s.drain {
		s.Fail(err)
		return
	}
	if s.drain && len(s.room.members) == 0 && s.InProgress() {
		s.Done(tevent.None{})
	}
}
