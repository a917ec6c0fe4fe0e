package main

import (
	"time"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// What the caller does wrong, or has to expect.

func full(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		a.SetSendLimits(tsocket.Limits{Entries: 1})
		a.Send(one).Ignore()
		return outcome(ev, a.Send(one))
	})
}

func fullQueue(ev *tevent.Context) error {
	q := queue.New(ev, "full")
	q.SetLimits(queue.Limits{Entries: 1})
	turn := q.Wait()
	defer turn.Drop()
	return outcome(ev, q.Wait())
}

func busy(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		a.Readv(make([]byte, 1)).Ignore()
		return outcome(ev, a.Readv(make([]byte, 1)))
	})
}

func already(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		a.Monitor().Ignore()
		return outcome(ev, a.Monitor())
	})
}

func alreadyDisconnecting(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		d := a.Disconnect()
		defer d.Drop()
		return outcome(ev, a.Disconnect())
	})
}

func whileDisconnecting(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		d := a.Disconnect()
		defer d.Drop()
		return outcome(ev, a.Writev(one))
	})
}

func disconnected(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		if err := outcome(ev, a.Disconnect()); err != nil {
			return err
		}
		return outcome(ev, a.Writev(one))
	})
}

func writeAfterShutdown(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		a.SendShutdown().Ignore()
		return outcome(ev, a.Send(one))
	})
}

func writeAfterShutdownWrite(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		a.ShutdownWrite().Ignore()
		return outcome(ev, a.Writev(one))
	})
}

func readAfterShutdownRead(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		a.ShutdownRead().Ignore()
		return outcome(ev, a.Readv(make([]byte, 1)))
	})
}

func monitorAfterShutdownRead(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		a.ShutdownRead().Ignore()
		return outcome(ev, a.Monitor())
	})
}

func noByte(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error { return outcome(ev, a.Writev(nil, []byte{})) })
}

func noAddress(ev *tevent.Context) error { return outcome(ev, tsocket.Connect(ev, tsocket.Address{})) }

func inUse(ev *tevent.Context) error {
	l, err := tsocket.Listen(ev, loopback)
	if err != nil {
		return err
	}
	defer l.Close()
	_, err = tsocket.Listen(ev, l.Addr())
	return err
}

func inProgress(ev *tevent.Context) error {
	sleep := tevent.Sleep(ev, time.Hour)
	defer sleep.Drop()
	_, err := sleep.Result()
	return err
}

func stale(ev *tevent.Context) error {
	sleep := tevent.Sleep(ev, 0)
	if err := outcome(ev, sleep); err != nil {
		return err
	}
	_, err := sleep.Result()
	return err
}

func noRequest(*tevent.Context) error {
	_, err := tevent.Req[int]{}.Result()
	return err
}

func nested(ev *tevent.Context) error {
	w := wait(ev)
	tevent.Sleep(ev, 0).Then(w, func(tevent.None) { w.Fail(ev.LoopOnce()) })
	return outcome(ev, w.Req())
}
