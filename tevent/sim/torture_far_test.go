//go:build unix

package sim_test

import (
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// frame is what one PDU of the torture is.
var frame = readv.Length{Width: 4, Max: 1 << 16}

// far is the other side of an operation that is tortured: a process that nothing
// happens to. It listens, takes what comes, and does what it is told.
type far struct {
	tevent.Op[tevent.None]
	ev       *tevent.Context
	addr     tsocket.Address
	l        *tsocket.Listener
	deaf     bool   // it does not read
	greeting string // what it says first
	over     bool
	conns    []*tsocket.Stream
	got      []byte
	d        *tsocket.Dgram // for who sends datagrams
	peer     tsocket.Address
	ep       *precon.Endpoint
	names    *precon.Listener // for who dials
	talks    []*precon.Conn

	messages *tsocket.MessageListener // for who connects
	couriers []*tsocket.Messages
}

// main is the process.
func (f *far) main(ev *tevent.Context) {
	f.Start(ev, "far")
	l, err := tsocket.Listen(ev, f.addr)
	if err != nil {
		panic(err)
	}
	f.ev, f.l = ev, l
	f.next()
	if _, err := tevent.Wait(ev, f.Req()); err != nil {
		panic(err)
	}
	f.over = true
	l.Close()
	if f.d != nil {
		f.d.Close()
	}
	if f.names != nil {
		f.names.Close()
	}
	for _, c := range f.talks {
		c.Close()
	}
	if f.messages != nil {
		f.messages.Close()
	}
	for _, m := range f.couriers {
		m.Close()
	}
	for _, s := range f.conns {
		s.Close()
	}
}

func (f *far) ready() bool { return f.l != nil }

func (f *far) next() { f.l.Accept().Then(f, f.met) }

func (f *far) met(s *tsocket.Stream) {
	f.have(s)
	f.next()
}

func (f *far) have(s *tsocket.Stream) {
	if f.over {
		s.Close()
		return
	}
	f.conns = append(f.conns, s)
	if f.greeting != "" {
		s.Send([]byte(f.greeting)).Ignore()
	}
	if !f.deaf {
		f.read(s)
	}
}

func (f *far) read(s *tsocket.Stream) {
	s.Peek(1).SetCallback(func(r tevent.Req[[]byte]) {
		b, err := r.Result()
		if err != nil {
			return // the near side has gone
		}
		f.got = append(f.got, b...)
		s.Consume(len(b))
		f.read(s)
	})
}

// The orders come from the near process. They are about the connection that is the
// latest when they are given.

func (f *far) order(do func(s *tsocket.Stream)) {
	s := f.conns[len(f.conns)-1]
	f.ev.Post(func() { do(s) })
}

func (f *far) write(text string) {
	f.order(func(s *tsocket.Stream) { s.Send([]byte(text)).Ignore() })
}

func (f *far) listen() { f.order(f.read) }

func (f *far) shut() {
	f.order(func(s *tsocket.Stream) { s.SendShutdown().Ignore() })
}

func (f *far) reset() {
	f.order(func(s *tsocket.Stream) { s.Abort() })
}

// connect makes n connections to a listener; one that fails is none.
func (f *far) connect(to tsocket.Address, n int) {
	f.ev.Post(func() {
		for range n {
			tsocket.Connect(f.ev, to).SetCallback(func(r tevent.Req[*tsocket.Stream]) {
				if s, err := r.Result(); err == nil {
					f.have(s)
				}
			})
		}
	})
}

// answer has it listen for endpoints, once.
func (f *far) answer() {
	f.ev.Post(func() {
		if f.names == nil {
			f.ep = endpoint(f.ev, "far")
			f.names = must(f.ep.Listen(must(tsocket.ParseAddress("10.0.0.2:7008"))))
			f.nextTalk()
		}
	})
}

func (f *far) nextTalk() {
	f.names.Accept().Then(f, func(c *precon.Conn) {
		f.talk(c)
		f.nextTalk()
	})
}

func (f *far) talk(c *precon.Conn) {
	if f.over {
		c.Close()
	} else {
		f.talks = append(f.talks, c)
	}
}

// dial connects an endpoint to one that listens.
func (f *far) dial(to tsocket.Address) {
	f.ev.Post(func() {
		endpoint(f.ev, "far").Dial(to).SetCallback(func(r tevent.Req[*precon.Conn]) {
			if c, err := r.Result(); err == nil {
				f.talk(c)
			}
		})
	})
}

func (f *far) end() {
	f.ev.Post(func() { f.Done(tevent.None{}) })
}
