package main

import (
	"os/exec"
	"syscall"
)

// tie has cmd end with this process.
func tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
