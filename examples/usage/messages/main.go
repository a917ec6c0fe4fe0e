// Messages asks a server a question over a connection that keeps messages apart.
package main

import (
	"fmt"
	"log"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("messages: ", err)
	}
}

// run is both sides on one loop.
func run() error {
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	addr, err := tsocket.ParseAddress("127.0.0.1:0")
	if err != nil {
		return err
	}
	l, err := tsocket.ListenMessages(ev, addr)
	if err != nil {
		return err
	}
	defer l.Close()
	s := &server{l: l, buf: make([]byte, 64)}
	s.Start(ev, "server")
	l.Accept().Then(s, s.accepted)
	defer s.Req().Drop()
	c := &client{buf: make([]byte, 64)}
	c.Start(ev, "client")
	tsocket.ConnectMessages(ev, l.Addr()).Then(c, c.connected)
	answer, err := tevent.Wait(ev, c.Req())
	if err == nil {
		fmt.Printf("messages: %s\n", answer)
	}
	return err
}

// client asks one question.
type client struct {
	tevent.Op[string]
	m   *tsocket.Messages
	buf []byte
}

func (c *client) connected(m *tsocket.Messages) {
	c.Own(m)
	c.m = m
	m.Send([]byte("what time is it?")).Ignore()
	m.Recv(c.buf).Then(c, c.answered)
}

func (c *client) answered(g tsocket.Message) { c.Done(string(c.buf[:g.N])) }

// server answers one question.
type server struct {
	tevent.Op[tevent.None]
	l   *tsocket.MessageListener
	m   *tsocket.Messages
	buf []byte
}

func (s *server) accepted(m *tsocket.Messages) {
	s.Own(m)
	s.m = m
	m.Recv(s.buf).Then(s, s.asked)
}

func (s *server) asked(g tsocket.Message) {
	answer := fmt.Sprintf("%q? time for tea", s.buf[:g.N])
	s.m.Send([]byte(answer)).Then(s, func(int) { s.Done(tevent.None{}) })
}
