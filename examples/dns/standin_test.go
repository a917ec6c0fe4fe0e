package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"

	"golang.org/x/net/dns/dnsmessage"
)

// place is where the server is, and liars is where others send from.
var (
	place = tsocket.Inet(netip.MustParseAddrPort("10.0.0.1:53"))
	liars = tsocket.Inet(netip.MustParseAddrPort("10.0.0.3:53"))
)

// forged is what nobody may ever believe.
var forged = [4]byte{6, 6, 6, 6}

// standin is a name server that does what goes wrong in the world, by chance: each
// datagram may be ignored, answered late or twice or cut, and there are forged
// answers before and behind the right one.
type standin struct {
	tevent.Op[tevent.None]
	ev     *tevent.Context
	d      *tsocket.Dgram
	l      *tsocket.Listener
	q      *queue.Queue
	buf    [1500]byte
	deaf   int // of 100 questions, that many are not heard
	bad    int // of 100 questions, that many attract forgers
	cut    int // of 100 answers, that many are cut
	asked  int
	last   opened          // question that came
	by     tsocket.Address // whose it was
	served int             // answers by TCP
	slow   time.Duration   // before one of these
	astray bool            // they are those of others
}

// right is the address of a name that begins with a number.
func right(name string) (ip [4]byte) {
	var n int
	fmt.Sscanf(name, "n%d.", &n)
	return [4]byte{10, 0, byte(n >> 8), byte(n)}
}

// open serves from now on.
func (s *standin) open(ev *tevent.Context) *standin {
	s.Start(ev, "stand-in")
	s.ev, s.q = ev, queue.New(ev, "answers")
	s.Own(s.q)
	var err error
	if s.d, err = tsocket.OpenDgram(ev, place, tsocket.Address{}); s.Fail(err) {
		return s
	}
	s.Own(s.d)
	if s.l, err = tsocket.Listen(ev, place); s.Fail(err) {
		return s
	}
	s.Own(s.l)
	s.receive()
	s.accept()
	return s
}

func (s *standin) receive() { tevent.Handle(s.d.Recvfrom(s.buf[:]), s, (*standin).got) }

func (s *standin) got(d tsocket.Datagram, err error) {
	if errors.Is(err, net.ErrClosed) || s.Fail(err) { // it goes on by TCP without the endpoint
		return
	}
	s.asked++
	s.hear(s.buf[:d.N], d.From)
	s.receive()
}

func (s *standin) chance(percent int) bool { return s.ev.Rand().IntN(100) < percent }

func (s *standin) hear(msg []byte, from tsocket.Address) {
	o, err := openQuery(msg)
	if err != nil {
		return
	}
	s.last, s.by = o, from
	if s.chance(s.deaf) {
		return
	}
	for s.chance(s.bad) {
		s.send(s.forge(o), from)
	}
	answer := reply(o.Header, o.question, right(o.question.Name.String()))
	if s.chance(s.cut) {
		answer = reply(dnsmessage.Header{ID: o.ID, Truncated: true}, o.question)
	}
	for again := true; again; again = s.chance(s.bad / 2) {
		s.send(answer, from)
	}
}

// send sends one datagram, now or late.
func (s *standin) send(msg []byte, to tsocket.Address) {
	late := tevent.Sleep(s.ev, time.Duration(s.ev.Rand().Int64N(int64(time.Second))))
	late.Handle(s, func(tevent.None, error) { s.d.SendtoQueue(s.q, msg, to).Ignore() })
}

// forge is one of the ways in which an answer is not the one.
func (s *standin) forge(o opened) []byte {
	h, q := o.Header, o.question
	switch s.ev.Rand().IntN(6) {
	case 0:
		h.ID += 1 + uint16(s.ev.Rand().IntN(65535))
	case 1:
		q.Name = dnsmessage.MustNewName("other.test.")
	case 2:
		q.Type = dnsmessage.TypeAAAA
	case 3: // a question is no answer
		msg := reply(h, q, forged)
		msg[2] &^= 0x80
		return msg
	case 4:
		return reply(h, q, forged)[:10]
	case 5: // without a question
		msg := reply(h, q, forged)
		msg[5] = 0
		return msg
	}
	return reply(h, q, forged)
}

// openQuery reads a question.
func openQuery(msg []byte) (o opened, err error) {
	if o.Header, err = o.Start(msg); err != nil {
		return o, err
	}
	o.question, err = o.Question()
	return o, err
}

// reply is an answer with addresses.
func reply(h dnsmessage.Header, q dnsmessage.Question, ips ...[4]byte) []byte {
	h.Response = true
	m := dnsmessage.Message{Header: h, Questions: []dnsmessage.Question{q}}
	for _, ip := range ips {
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET},
			Body:   &dnsmessage.AResource{A: ip},
		})
	}
	b, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return b
}

func (s *standin) accept() { tevent.Handle(s.l.Accept(), s, (*standin).accepted) }

func (s *standin) accepted(c *tsocket.Stream, err error) {
	if s.Fail(err) {
		return
	}
	a := &attending{d: s, s: c}
	a.Start(s.ev, "attend")
	a.Own(c)
	a.Req().Handle(s, nil)
	readv.PDU(c, message, nil).Then(a, a.got)
	s.accept()
}

// attending answers one question by TCP.
type attending struct {
	tevent.Op[tevent.None]
	d   *standin
	s   *tsocket.Stream
	msg []byte
}

func (a *attending) got(pdu []byte) {
	o, err := openQuery(pdu[2:])
	if a.Fail(err) {
		return
	}
	if a.d.astray {
		o.ID++
	}
	a.msg = reply(o.Header, o.question, right(o.question.Name.String()))
	tevent.Sleep(a.s.Context(), a.d.slow).Then(a, a.slept)
}

func (a *attending) slept(tevent.None) {
	a.d.served++
	a.s.Send(binary.BigEndian.AppendUint16(nil, uint16(len(a.msg))), a.msg).Then(a, a.sent)
}

func (a *attending) sent(int) { a.Done(tevent.None{}) }

// liar sends the answer to whatever was asked last, from an address that is not
// the server's.
type liar struct {
	tevent.Op[tevent.None]
	d    *tsocket.Dgram
	s    *standin
	lies int
}

func (l *liar) open(ev *tevent.Context) *liar {
	l.Start(ev, "liar")
	var err error
	if l.d, err = tsocket.OpenDgram(ev, liars, tsocket.Address{}); !l.Fail(err) {
		l.Own(l.d)
		l.rest(0, nil)
	}
	return l
}

func (l *liar) rest(int, error) {
	tevent.Sleep(l.d.Context(), 100*time.Millisecond).Then(l, l.wake)
}

func (l *liar) wake(tevent.None) {
	if !l.s.by.IsValid() {
		l.rest(0, nil)
		return
	}
	l.lies++
	l.d.Sendto(reply(l.s.last.Header, l.s.last.question, forged), l.s.by).Handle(l, l.rest)
}

// names are n of them, in one order.
func names(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("n%d.%s", i, strings.Repeat("x", i%5)+"test")
	}
	return all
}
