package tevent

import "time"

// What those need who make a door of their own, beside Post and Await, for
// goroutines that do not run the loop. All of it is safe from any goroutine.

// Running reports whether a turn of the loop is under way. Between two turns,
// which is but a moment for who runs the loop in Serve or Wait, it is false.
func (ev *Context) Running() bool { return ev.stage.Load() != outside }

// Inside reports whether a turn of a loop is on the caller's stack. It takes some
// microseconds, unless the loop of ev is asleep, whose goroutine nobody can be.
func (ev *Context) Inside() bool { return ev.stage.Load() != parked && onLoop() }

// Outside panics as Await does when a turn of a loop is on the caller's stack,
// where to wait for the loop would be for ever; what is the call, for people.
func (ev *Context) Outside(what string) {
	if ev.Inside() {
		panic("tevent: " + what + waitsForItself)
	}
}

// Alarm calls f once when d has passed, whether anybody runs the loop or not,
// on a goroutine of the system's; f must not block. After stop it is not called,
// unless it runs already. Who is on the loop takes a Timer.
func (ev *Context) Alarm(d time.Duration, f func()) (stop func()) { return ev.host.After(d, f) }
