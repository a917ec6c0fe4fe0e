package main

import (
	"fmt"
	"strconv"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// standin is a server that knows the commands the program needs.
type standin struct {
	keys   map[string]int64
	counts map[string]int // commands carried out
	lie    string         // the command to which it says answer
	answer string
}

// serve serves whoever comes, for ever.
func (d *standin) serve(ev *tevent.Context, addr tsocket.Address) error {
	l, err := tsocket.Listen(ev, addr)
	if err != nil {
		return err
	}
	a := &accepting{d: d, l: l}
	a.Start(ev, "stand-in")
	a.Own(l)
	a.accept()
	_, err = tevent.Wait(ev, a.Req())
	return err
}

type accepting struct {
	tevent.Op[tevent.None]
	d *standin
	l *tsocket.Listener
}

func (a *accepting) accept() { tevent.Then(a.l.Accept(), a, (*accepting).accepted) }

func (a *accepting) accepted(s *tsocket.Stream) {
	k := &attending{d: a.d, s: s}
	k.Start(s.Context(), "attend")
	k.Own(s)
	k.read()
	k.Req().Handle(a, nil)
	a.accept()
}

// attending answers one client; the answers to what one receive brought are sent
// together.
type attending struct {
	tevent.Op[tevent.None]
	d       *standin
	s       *tsocket.Stream
	decoder decoder
}

func (k *attending) read() { tevent.Handle(readv.PeekPDU(k.s, framer), k, (*attending).got) }

func (k *attending) got(pdu []byte, err error) {
	var answers []byte
	for err == nil && pdu != nil {
		var v value
		var whole bool
		if v, whole, err = k.decoder.add(pdu); err == nil {
			k.s.Consume(len(pdu))
			pdu, err = readv.Buffered(k.s, framer)
		}
		if whole {
			answers = append(answers, k.d.carryOut(v.list)...)
		}
	}
	if k.Fail(err) {
		return
	}
	if len(answers) > 0 {
		k.s.Send(answers).Then(k, nil)
	}
	k.read()
}

// carryOut is the reply to a command.
func (d *standin) carryOut(args []value) string {
	if len(args) == 0 {
		return "-ERR no command\r\n"
	}
	name, key := args[0].text, args[min(1, len(args)-1)].text
	d.counts[name]++
	if name == d.lie {
		return d.answer
	}
	switch name {
	case "PING":
		return "+PONG\r\n"
	case "SET":
		d.keys[key], _ = strconv.ParseInt(args[2].text, 10, 64)
		return "+OK\r\n"
	case "INCR":
		d.keys[key]++
		return fmt.Sprintf(":%d\r\n", d.keys[key])
	case "GET":
		return d.bulk(key)
	case "MGET":
		return fmt.Sprintf("*%d\r\n", len(args)-1) + d.bulk(key) + d.bulk(args[2].text) + d.bulk(args[3].text)
	case "DEL":
		before := len(d.keys)
		for _, k := range args[1:] {
			delete(d.keys, k.text)
		}
		return fmt.Sprintf(":%d\r\n", before-len(d.keys))
	case "DBSIZE":
		return fmt.Sprintf(":%d\r\n", len(d.keys))
	case "INFO":
		info := fmt.Sprintf("# Commandstats\r\ncmdstat_set:calls=%d,usec=1\r\ncmdstat_incr:calls=%d,usec=1\r\ncmdstat_get:calls=%d,usec=1\r\n",
			d.counts["SET"], d.counts["INCR"], d.counts["GET"])
		return fmt.Sprintf("$%d\r\n%s\r\n", len(info), info)
	}
	return "-ERR unknown command\r\n"
}

func (d *standin) bulk(key string) string {
	n, ok := d.keys[key]
	if !ok {
		return "$-1\r\n"
	}
	text := strconv.FormatInt(n, 10)
	return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text)
}

// teller sends fixed bytes to one client, and then waits for his end.
type teller struct {
	tevent.Op[tevent.None]
	l     *tsocket.Listener
	s     *tsocket.Stream
	words string
	leave bool // and goes away at once
}

func tell(ev *tevent.Context, l *tsocket.Listener, words string, leave bool) tevent.Req[tevent.None] {
	t := &teller{l: l, words: words, leave: leave}
	t.Start(ev, "tell")
	t.Own(l)
	l.Accept().Then(t, t.accepted)
	return t.Req()
}

func (t *teller) accepted(s *tsocket.Stream) {
	t.s = s
	t.Own(s)
	if t.words == "" {
		t.told(0)
		return
	}
	s.Send([]byte(t.words)).Then(t, t.told)
}

func (t *teller) told(int) {
	if t.leave {
		t.s.SendShutdown().Then(t, nil)
	}
	t.read()
}

func (t *teller) read() { t.s.Peek(1).Handle(t, t.heard) }

func (t *teller) heard(b []byte, err error) {
	if err != nil {
		t.Done(tevent.None{})
		return
	}
	t.s.Consume(len(b))
	t.read()
}
