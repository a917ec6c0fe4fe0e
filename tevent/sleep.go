package tevent

import "time"

// sleep is a request that a timer finishes.
type sleep struct {
	Op[None]
	timer Timer
}

// Sleep completes in d, in a later turn if d is 0 or less. It can be cancelled.
// Source: tevent_wakeup_send.
func Sleep(ev *Context, d time.Duration) Req[None] {
	s := &sleep{}
	s.Start(ev, "sleep")
	s.SetCancel(s.Fail)
	s.SetCleanup(func(State) { s.timer.Stop() })
	s.timer.init(ev, func() { s.Done(None{}) })
	s.timer.arm(int64(after(ev.kernel.Now(), d)))
	return s.Req()
}
