package machine

import "time"

// Timer is one of the machine's timers; at most one is armed at a time.
type Timer uint8

// The timers.
const (
	NoTimer      Timer = iota
	RungTimer          // our half of an attempt: expiry is NEXT(Timeout)
	VerdictTimer       // the peer's verdict after ours: expiry is FAIL(Timeout)
	LingerTimer        // the peer's FIN after our FAIL: expiry closes
)

// String returns the name used in docs/wire.md.
func (t Timer) String() string { return [...]string{"no timer", "rung", "verdict", "linger"}[t] }

const (
	rungMost = 2 * time.Second
	linger   = time.Second
)

// Duration computes how long the timer runs when left remains of the whole
// negotiation: a rung gets an equal share, at most two seconds; the peer's rung
// starts a flight later than ours, so its verdict gets twice that.
func (a Arm) Duration(left time.Duration) time.Duration {
	rung := min(rungMost, max(0, left)/time.Duration(a.Rungs))
	switch a.Timer {
	case RungTimer:
		return rung
	case VerdictTimer:
		return 2 * rung
	}
	return linger
}
