package tsockettest

import "time"

func bad() { time.Sleep(1) }
