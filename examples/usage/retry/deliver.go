package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// report is what it took.
type report struct {
	delivered, refused, broken int
}

func (r report) String() string {
	return fmt.Sprintf("%d messages delivered, %d connects refused, %d connections broken",
		r.delivered, r.refused, r.broken)
}

// delivery sends numbers until each was confirmed, through as many connections
// as it takes: dial → dialled → send → sent → confirmed → send, and back to
// dial by way of again.
type delivery struct {
	tevent.Op[report]
	ev    *tevent.Context
	addr  tsocket.Address
	s     *tsocket.Stream
	todo  int
	delay time.Duration
	buf   [4]byte
	done  report
}

func deliver(ev *tevent.Context, addr tsocket.Address, n int) tevent.Req[report] {
	d := &delivery{ev: ev, addr: addr, todo: n}
	d.Start(ev, "deliver")
	d.dial(tevent.None{})
	return d.Req()
}

func (d *delivery) dial(tevent.None) {
	tsocket.Connect(d.ev, d.addr).SetTimeout(time.Second).Handle(d, d.dialled)
}

func (d *delivery) dialled(s *tsocket.Stream, err error) {
	if err != nil {
		d.done.refused++
		d.again(err)
		return
	}
	d.s = s
	d.Own(s)
	d.send()
}

func (d *delivery) send() {
	binary.BigEndian.PutUint32(d.buf[:], uint32(d.done.delivered))
	tevent.Handle(d.s.Writev(d.buf[:]), d, (*delivery).sent)
}

func (d *delivery) sent(_ int, err error) {
	if err != nil {
		d.lost(err)
		return
	}
	tevent.Handle(d.s.Readv(d.buf[:]).SetTimeout(time.Second), d, (*delivery).confirmed)
}

func (d *delivery) confirmed(_ int, err error) {
	if err != nil {
		d.lost(err)
		return
	}
	d.delay = 0
	d.done.delivered++
	if d.done.delivered == d.todo {
		d.Done(d.done)
		return
	}
	d.send()
}

func (d *delivery) lost(err error) {
	d.done.broken++
	d.Disown(d.s)
	d.s.Close()
	d.again(err)
}

// again waits and dials, unless another connection would not help. The wait
// doubles, from 1 to 50 ms, and is anything from half of that up, so that
// clients that were cut off together do not come back together.
func (d *delivery) again(err error) {
	if !passing(err) {
		d.Fail(err)
		return
	}
	d.delay = min(max(2*d.delay, time.Millisecond), 50*time.Millisecond)
	half := d.delay / 2
	tevent.Sleep(d.ev, half+time.Duration(d.ev.Rand().Int64N(int64(half)))).Then(d, d.dial)
}

// passing are the errors that time may heal.
func passing(err error) bool {
	for _, e := range []error{syscall.ECONNREFUSED, syscall.ECONNRESET, io.EOF, io.ErrUnexpectedEOF, tevent.ErrDeadline} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
