package tsocket

import "time"

// NoDelay is TCP_NODELAY: small writes go out at once instead of waiting for the
// peer's acknowledgement. Streams over TCP start with it.
func (o Options) NoDelay() (bool, error) { return o.flag("TCP_NODELAY") }

// SetNoDelay changes NoDelay.
func (o Options) SetNoDelay(on bool) error { return o.setFlag("TCP_NODELAY", on) }

// KeepAlive is SO_KEEPALIVE: an idle connection is probed, and ends with ETIMEDOUT
// when the peer does not answer. Streams over TCP start with it, with a KeepIdle
// and a KeepInterval of 15 s.
func (o Options) KeepAlive() (bool, error) { return o.flag("SO_KEEPALIVE") }

// SetKeepAlive changes KeepAlive.
func (o Options) SetKeepAlive(on bool) error { return o.setFlag("SO_KEEPALIVE", on) }

// KeepIdle is how long a connection has to be idle before it is probed
// (TCP_KEEPIDLE).
func (o Options) KeepIdle() (time.Duration, error) { return o.duration("TCP_KEEPIDLE", time.Second) }

// SetKeepIdle changes KeepIdle; a part of a second counts as a whole one.
func (o Options) SetKeepIdle(d time.Duration) error {
	return o.setDuration("TCP_KEEPIDLE", d, time.Second)
}

// KeepInterval is the time from one probe to the next (TCP_KEEPINTVL).
func (o Options) KeepInterval() (time.Duration, error) {
	return o.duration("TCP_KEEPINTVL", time.Second)
}

// SetKeepInterval changes KeepInterval; a part of a second counts as a whole one.
func (o Options) SetKeepInterval(d time.Duration) error {
	return o.setDuration("TCP_KEEPINTVL", d, time.Second)
}

// KeepCount is how many probes may stay without an answer (TCP_KEEPCNT).
func (o Options) KeepCount() (int, error) { return o.number("TCP_KEEPCNT") }

// SetKeepCount changes KeepCount.
func (o Options) SetKeepCount(probes int) error { return o.setNumber("TCP_KEEPCNT", probes) }

// UserTimeout is TCP_USER_TIMEOUT: how long what was sent may stay without an
// acknowledgement before the connection ends with ETIMEDOUT, also for a write that
// is blocked. 0 leaves that to the system, which takes many minutes. Linux has it.
func (o Options) UserTimeout() (time.Duration, error) {
	return o.duration("TCP_USER_TIMEOUT", time.Millisecond)
}

// SetUserTimeout changes UserTimeout, to whole milliseconds.
func (o Options) SetUserTimeout(d time.Duration) error {
	return o.setDuration("TCP_USER_TIMEOUT", d, time.Millisecond)
}
