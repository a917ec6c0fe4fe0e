//go:build linux

package main

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"unsafe"
)

// A connection reports changes, and is read until a short count says that it
// is empty; after a sign of the end, until the end.
const (
	reading = syscall.EPOLLIN | syscall.EPOLLRDHUP | 1<<31 // EPOLLET, which package syscall has as a negative number
	closing = syscall.EPOLLRDHUP | syscall.EPOLLHUP | syscall.EPOLLERR
)

// dial connects with the ordinary net package and takes the descriptor out of
// the runtime's hands.
func dial(network, addr string) (int, error) {
	nc, err := net.Dial(network, addr)
	if err != nil {
		return -1, err
	}
	defer nc.Close()
	f, err := nc.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		return -1, err
	}
	defer f.Close()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return -1, fmt.Errorf("dup: %w", err)
	}
	return fd, syscall.SetNonblock(fd, true)
}

func watch(ep, op, fd, index int, events uint32) error {
	return syscall.EpollCtl(ep, op, fd, &syscall.EpollEvent{Events: events, Fd: int32(index)})
}

// poll skips the scheduler, as the calls do.
func poll(ep int, events []syscall.EpollEvent) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(ep), uintptr(unsafe.Pointer(&events[0])),
		uintptr(len(events)), 0, 0, 0)
	return int(n), errno
}
