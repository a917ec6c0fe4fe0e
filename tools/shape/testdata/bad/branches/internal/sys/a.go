package sys

import "runtime"

func bad() bool { return runtime.GOOS == "linux" }

func good() int { return runtime.NumCPU() }
