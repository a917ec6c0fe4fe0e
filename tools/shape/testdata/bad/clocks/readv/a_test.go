package readv

import "time"

var start = time.Now()
