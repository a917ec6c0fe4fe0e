package linux

import "syscall"

func shut(fd int) { syscall.Close(fd) }
