package sim_test

import (
	"slices"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

// benign tells whether everything has to succeed in spite of the plan: its
// faults cost time, and not so much that somebody loses patience.
func benign(plan sim.Plan) bool {
	return !slices.ContainsFunc(plan, func(f sim.Fault) bool { return !mild(f, plan) })
}

func mild(f sim.Fault, plan sim.Plan) bool {
	switch f.Kind {
	case sim.Interrupted, sim.OneByte, sim.Half, sim.Spurious, sim.Early, sim.Reversed, sim.Segments, sim.Buffers, sim.Doubled, sim.Overtaken:
		return true
	case sim.Fails:
		return f.Errno == syscall.EINTR
	case sim.WouldBlock:
		return !f.On // for ever is a peer that has gone silent
	case sim.Stopped, sim.Leap:
		return f.For < time.Second
	case sim.Parted: // one that comes with a call meets each process, and may meet each try to connect
		return f.Nth == 0 && f.For < 500*time.Millisecond && !has(plan, sim.Loss)
	case sim.Slow:
		return f.For < time.Millisecond
	case sim.Delay: // small buffers need many round trips
		return f.For < 5*time.Millisecond || f.For < 100*time.Millisecond && !has(plan, sim.Buffers)
	case sim.Loss: // each segment is a chance to lose a quarter of a second, and three tries to connect are all
		return f.N <= 8 && !has(plan, sim.Segments) && !has(plan, sim.Buffers)
	}
	return false
}

func has(plan sim.Plan, k sim.Kind) bool {
	return slices.ContainsFunc(plan, func(f sim.Fault) bool { return f.Kind == k })
}
