package main

import (
	"fmt"
	"time"
)

// report is what was done, how long each phase took, and what the server counted
// meanwhile.
type report struct {
	keys           int
	set, incr, get time.Duration
	server         census
}

func (r report) String() string {
	return fmt.Sprintf("%d keys: SET %s, INCR %s, GET %s; the server counts %s",
		r.keys, r.rate(r.set), r.rate(r.incr), r.rate(r.get), r.server)
}

func (r report) rate(d time.Duration) string {
	return fmt.Sprintf("%.0f/s", float64(r.keys)/max(d, time.Microsecond).Seconds())
}
