package tsockettest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var sends = []guarantee{
	{"S14 messages keep their order", sendOrder},
	{"S14 a shutdown waits for what was queued before it", sendShutdown},
	{"S14 Writev beside a queued message is EBUSY", writevBesideSend},
	{"S14 a full queue says so, Room beforehand", sendLimits},
	{"S14 Drained completes at the low-water mark", drained},
	{"S14 Drained completes while a message is still being sent", drainedEarly},
	{"S14 Drained fails with the write direction", drainedFails},
	{"S14 Drained can be cancelled", drainedCancelled},
	{"S14 a reset fails what is queued", resetQueued},
	{"S14 a cancelled message that was begun is not torn", cancelBegun},
	{"S14 a cancelled message that waits is not sent", cancelWaiting},
	{"S14 an unreceived result blocks no message", unreceivedSend},
	{"S14 Close completes queued messages", closeQueued},
}

func sendOrder(p *pair) {
	var want strings.Builder
	for i := range 500 {
		text := fmt.Sprintf("%d,", i)
		want.WriteString(text)
		p.a.Send([]byte(text[:1]), nil, []byte(text[1:])).Ignore()
	}
	if want.Len() > 64<<10 {
		p.Fatal("this wants to be one batch")
	}
	p.read(p.b, want.String())
}

func sendShutdown(p *pair) {
	w := p.block(p.a)
	fails(p, p.a.ShutdownWrite(), syscall.EBUSY)
	last := p.a.Send([]byte("last"))
	end := p.a.SendShutdown()
	late := p.keep(p.a.Send([]byte("late")))
	get(p, p.b.Readv(make([]byte, p.flood)))
	p.read(p.b, "last")
	p.eof(p.b)
	get(p, w)
	get(p, last)
	get(p, end)
	_, err := late.wait()
	p.is(err, syscall.EPIPE)
}

func writevBesideSend(p *pair) {
	s := p.a.Send([]byte("queued"))
	fails(p, p.a.Writev([]byte("x")), syscall.EBUSY)
	if n := get(p, s); n != 6 {
		p.Fatalf("Send took %d bytes", n)
	}
	p.write(p.a, "now")
	p.read(p.b, "queuednow")
}

func sendLimits(p *pair) {
	if !p.a.Room(1000) {
		p.Fatal("an empty queue takes a message of any length")
	}
	w := p.block(p.a)
	p.a.SetSendLimits(tsocket.Limits{Entries: 2, Bytes: 100})
	x, y := p.a.Send([]byte("x")), p.a.Send([]byte("y"))
	if p.a.Room(1) {
		p.Fatal("two entries leave room for a third")
	}
	fails(p, p.a.Send([]byte("z")), queue.ErrFull)
	p.a.SetSendLimits(tsocket.Limits{Entries: 10, Bytes: 2})
	fails(p, p.a.Send([]byte("z")), queue.ErrFull)
	get(p, p.b.Readv(make([]byte, p.flood)))
	p.read(p.b, "xy")
	get(p, w)
	get(p, x)
	get(p, y)
	if !p.a.Room(1) {
		p.Fatal("an empty queue has no room")
	}
}

func drained(p *pair) {
	get(p, p.a.Drained())
	s := p.a.Send(make([]byte, p.flood))
	p.idle()
	d := p.a.Drained()
	p.idle()
	if !d.InProgress() || !s.InProgress() {
		p.Fatal("a full queue is drained")
	}
	if n, k := p.a.Queued(); n != 1 || k <= 0 || k >= p.flood {
		p.Fatalf("%d messages, %d bytes are queued", n, k)
	}
	get(p, p.b.Readv(make([]byte, p.flood)))
	get(p, d)
	get(p, s)
	if n, k := p.a.Queued(); n != 0 || k != 0 {
		p.Fatalf("%d messages, %d bytes are queued", n, k)
	}
	s = p.a.Send(make([]byte, p.flood))
	p.idle()
	d = p.a.Drained()
	p.a.Close()
	fails(p, d, net.ErrClosed)
	fails(p, s, net.ErrClosed)
}

func drainedEarly(p *pair) {
	p.a.SetSendLimits(tsocket.Limits{Entries: 2, Bytes: 8 * p.flood})
	first, second := p.keep(p.a.Send(make([]byte, p.flood))), p.a.Send(make([]byte, p.flood))
	p.idle()
	d := p.a.Drained()
	get(p, p.b.Readv(make([]byte, p.flood)))
	get(p, d)
	if !second.InProgress() {
		p.Fatal("the second message is not waiting any more")
	}
	get(p, p.b.Readv(make([]byte, p.flood)))
	first.wait()
	get(p, second)
}

func drainedFails(p *pair) {
	w := p.keep(p.a.Send(make([]byte, p.flood)))
	p.idle()
	d := p.a.Drained()
	p.b.Close()
	_, err := wait(p, d)
	p.broken(err)
	_, err = w.wait()
	p.broken(err)
	_, err = wait(p, p.a.Drained())
	p.broken(err)
}

func drainedCancelled(p *pair) {
	s := p.a.Send(make([]byte, p.flood))
	p.idle()
	d, other := p.a.Drained(), p.a.Drained()
	if !d.Cancel() {
		p.Fatal("it cannot be cancelled")
	}
	fails(p, d, context.Canceled)
	get(p, p.b.Readv(make([]byte, p.flood)))
	get(p, other)
	get(p, s)
}

func resetQueued(p *pair) {
	p.resetB()
	p.idle()
	r := p.keep(p.b.Readv(make([]byte, 1))) // finds the reset before the flush, or after
	x, y := p.keep(p.b.Send([]byte("x"))), p.keep(p.b.Send([]byte("y")))
	_, err := r.wait()
	p.is(err, syscall.ECONNRESET)
	_, err = x.wait()
	p.broken(err)
	_, err = y.wait()
	p.broken(err)
}

func cancelBegun(p *pair) {
	data := pattern(p.flood)
	p.a.SetSendLimits(tsocket.Limits{Bytes: 2 * p.flood})
	first := p.a.Send(data)
	second := p.a.Send([]byte("second"))
	p.idle()
	if !first.Cancel() {
		p.Fatal("a message cannot be cancelled")
	}
	n := fails(p, first, context.Canceled)
	if n <= 0 || n >= p.flood {
		p.Fatalf("%d bytes were taken", n)
	}
	clear(data[n:]) // the caller's again
	got := make([]byte, p.flood+6)
	get(p, p.b.Readv(got))
	if want := pattern(p.flood); !bytes.Equal(got[:p.flood], want) || string(got[p.flood:]) != "second" {
		p.Fatal("a cancelled message was torn")
	}
	get(p, second)
}

func cancelWaiting(p *pair) {
	w := p.block(p.a)
	var all []tevent.Req[int]
	for i := range 5 {
		all = append(all, p.a.Send([]byte{'0' + byte(i)}))
	}
	all[4].Cancel()
	all[1].Cancel()
	if n := fails(p, all[1], context.Canceled); n != 0 {
		p.Fatalf("%d bytes of a waiting message were taken", n)
	}
	fails(p, all[4], context.Canceled)
	five := p.a.Send([]byte("5"))
	get(p, p.b.Readv(make([]byte, p.flood)))
	p.read(p.b, "0235")
	get(p, w)
	get(p, five)
	for _, i := range []int{0, 2, 3} {
		get(p, all[i])
	}
}

func unreceivedSend(p *pair) {
	first := p.a.Send([]byte("a"))
	p.read(p.b, "a")
	second := p.a.Send([]byte("b"))
	p.read(p.b, "b")
	p.write(p.a, "c")
	p.read(p.b, "c")
	get(p, first)
	get(p, second)
}

func closeQueued(p *pair) {
	x, y, z := p.a.Send([]byte("x")), p.a.Send([]byte("y")), p.a.SendShutdown()
	p.a.Close()
	fails(p, x, net.ErrClosed)
	fails(p, y, net.ErrClosed)
	fails(p, z, net.ErrClosed)
}
