package main

import (
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// What the peer does.

func end(ev *tevent.Context) error {
	return reading(ev, func(_, b *tsocket.Stream, _ tevent.Req[int]) { b.SendShutdown().Ignore() })
}

func endInside(ev *tevent.Context) error {
	return reading(ev, func(_, b *tsocket.Stream, _ tevent.Req[int]) {
		b.Send(one).Ignore()
		b.SendShutdown().Ignore()
	})
}

func reset(ev *tevent.Context) error {
	l, err := tsocket.Listen(ev, loopback)
	if err != nil {
		return err
	}
	defer l.Close()
	a, err := tevent.Wait(ev, tsocket.Connect(ev, l.Addr()))
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := tevent.Wait(ev, l.Accept())
	if err != nil {
		return err
	}
	b.Abort()
	return outcome(ev, a.Readv(make([]byte, 1)))
}

func unread(ev *tevent.Context) error {
	return pair(ev, func(a, b *tsocket.Stream) error {
		if err := outcome(ev, a.Writev(one)); err != nil {
			return err
		}
		b.Close()
		return outcome(ev, a.Readv(make([]byte, 1)))
	})
}

func writeAfterClose(ev *tevent.Context) error {
	return pair(ev, func(a, b *tsocket.Stream) error {
		b.Close()
		return outcome(ev, a.Writev(one))
	})
}

func refused(ev *tevent.Context) error {
	addr, err := tsocket.Unix("@tsocket-nobody")
	if err != nil {
		return err
	}
	return outcome(ev, tsocket.Connect(ev, addr))
}

func tooLong(ev *tevent.Context) error {
	return pair(ev, func(a, b *tsocket.Stream) error {
		b.Send([]byte{200}).Ignore()
		return outcome(ev, readv.PDU(a, readv.Length{Width: 1, Max: 100}, nil))
	})
}
