//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package systest

import "golang.org/x/sys/unix"

// terminate raises SIGTERM and waits for what it does.
func terminate() {
	_ = unix.Kill(unix.Getpid(), unix.SIGTERM)
	select {}
}
