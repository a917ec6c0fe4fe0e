package readv

import (
	clock "time"
)

func bad() clock.Duration {
	f := clock.Now
	clock.AfterFunc(clock.Second, nil)
	<-clock.After(1)
	return clock.Since(f())
}

func good(t clock.Time, d clock.Duration) clock.Time { return t.Add(d) }
