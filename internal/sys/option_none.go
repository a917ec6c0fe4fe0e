//go:build !unix

package sys

import "syscall"

// There is no backend that would take these.
const (
	SoError = iota + 1<<17
	SoType
	SoAcceptConn
)

// There are no such signals.
const (
	SigStop = syscall.Signal(-1)
	SigCont = syscall.Signal(-2)
)
