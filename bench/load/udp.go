//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

const (
	// lost is after how long without an answer a datagram is sent again.
	lost = 100 * time.Millisecond
	// look is how often somebody looks for those.
	look = 20 * time.Millisecond
	// numbered is how many bytes of a datagram are its number.
	numbered = 8
)

// sysSendmmsg is the number of sendmmsg(2), which package syscall has not.
var sysSendmmsg = map[string]uintptr{"amd64": 307, "arm64": 269, "riscv64": 269}[runtime.GOARCH]

// datagrams is the one thread's state: -conns sockets, each with -depth datagrams
// under way, which are received and sent with one call for all that are due.
type datagrams struct {
	loop
	socks []*dsock
	looks int64 // when lost ones are looked for
}

// dsock is one socket. The headers, one for each datagram under way, are used for
// either direction in turn.
type dsock struct {
	fd    int
	next  uint64 // number of the next datagram
	flies []flight
	heads []mmsghdr
	iov   []syscall.Iovec
	room  [][]byte
}

// flight is a datagram under way.
type flight struct {
	number uint64
	since  int64 // when it was sent first
	sent   int64 // when it was sent last; 0: it is due
	flying bool
	bytes  []byte
}

// mmsghdr is struct mmsghdr.
type mmsghdr struct {
	syscall.Msghdr
	n uint32
}

func runDatagrams(c config) (report, error) {
	l := &datagrams{loop: loop{config: c, pattern: newPattern(c.size, false), start: time.Now()}}
	err := l.connect()
	if err == nil {
		err = l.drive()
	}
	if err != nil {
		l.report.Errors++
	}
	l.summarize()
	return l.report, err
}

func (l *datagrams) connect() (err error) {
	if l.ep, err = syscall.EpollCreate1(0); err != nil {
		return err
	}
	for i := range l.config.conns {
		fd, err := dial("udp", l.addr)
		if err != nil {
			return err
		}
		l.socks = append(l.socks, newDsock(fd, l.depth, l.size))
		if err := watch(l.ep, syscall.EPOLL_CTL_ADD, fd, i, reading); err != nil {
			return err
		}
	}
	return nil
}

func newDsock(fd, depth, size int) *dsock {
	s := &dsock{fd: fd, flies: make([]flight, depth), heads: make([]mmsghdr, depth), iov: make([]syscall.Iovec, depth)}
	for i := range depth {
		s.flies[i].bytes = make([]byte, size)
		s.room = append(s.room, make([]byte, size+1))
		s.heads[i].Iov, s.heads[i].Iovlen = &s.iov[i], 1
	}
	return s
}

// drive runs until the time is over; what is under way then is not waited for.
func (l *datagrams) drive() error {
	l.began = l.tick() + int64(l.warmup)
	for _, s := range l.socks {
		for i := range s.flies {
			l.launch(s, &s.flies[i])
		}
		if err := s.send(l.now); err != nil {
			return err
		}
	}
	events := make([]syscall.EpollEvent, 256)
	for heard := l.now; ; {
		n, errno := l.wait(events)
		switch {
		case errno != 0 && errno != syscall.EINTR:
			return errno
		case errno == 0 && n > 0:
			heard = l.now
		case l.tick()-heard > int64(patience):
			return errSilent
		}
		for _, e := range events[:max(n, 0)] {
			if err := l.ready(l.socks[e.Fd]); err != nil {
				return err
			}
		}
		if l.over() {
			return nil
		}
		if err := l.again(); err != nil {
			return err
		}
	}
}

func (l *datagrams) over() bool {
	return l.now >= l.began+int64(l.duration) || l.count > 0 && l.report.Requests >= l.count
}

// launch makes the next datagram of a flight due.
func (l *datagrams) launch(s *dsock, f *flight) {
	if l.count > 0 && l.issued == l.count {
		return
	}
	l.issued++
	f.number, f.since, f.sent, f.flying = s.next, l.now, 0, true
	s.next++
	copy(f.bytes, l.pattern.at(int64(f.number)*int64(l.size), l.size))
	binary.LittleEndian.PutUint64(f.bytes, f.number)
}

// ready takes the answers that are there and sends what follows.
func (l *datagrams) ready(s *dsock) error {
	for more := true; more; {
		n, err := s.receive()
		if err != nil {
			return err
		}
		more = n == len(s.heads)
		l.tick()
		for i := range n {
			if err := l.answered(s, s.room[i][:s.heads[i].n]); err != nil {
				return err
			}
		}
	}
	return s.send(l.now)
}

// answered ends a flight; the answer to one that was sent twice may come twice.
func (l *datagrams) answered(s *dsock, b []byte) error {
	if len(b) < numbered {
		return errMismatch
	}
	number := binary.LittleEndian.Uint64(b)
	for i := range s.flies {
		f := &s.flies[i]
		if !f.flying || f.number != number {
			continue
		}
		if !bytes.Equal(b, f.bytes) {
			return errMismatch
		}
		f.flying = false
		if l.report.Requests++; l.now >= l.began {
			l.latency.add(l.now - f.since)
		}
		l.launch(s, f)
		return nil
	}
	return nil
}

// again sends those again that seem to be lost.
func (l *datagrams) again() error {
	if l.now < l.looks {
		return nil
	}
	l.looks = l.now + int64(look)
	for _, s := range l.socks {
		for i := range s.flies {
			if f := &s.flies[i]; f.flying && l.now-f.sent > int64(lost) {
				f.sent = 0
				l.report.Again++
			}
		}
		if err := s.send(l.now); err != nil {
			return err
		}
	}
	return nil
}

// send sends what is due. What a full socket does not take counts as lost.
func (s *dsock) send(now int64) error {
	n := 0
	for i := range s.flies {
		if f := &s.flies[i]; f.flying && f.sent == 0 {
			f.sent = max(now, 1)
			s.iov[n] = syscall.Iovec{Base: &f.bytes[0], Len: uint64(len(f.bytes))}
			n++
		}
	}
	if n == 0 {
		return nil
	}
	_, _, errno := syscall.RawSyscall6(sysSendmmsg, uintptr(s.fd), uintptr(unsafe.Pointer(&s.heads[0])), uintptr(n), syscall.MSG_DONTWAIT, 0, 0)
	if errno != 0 && errno != syscall.EAGAIN && errno != syscall.EINTR {
		return errno
	}
	return nil
}

// receive takes at most as many datagrams as are under way; 0 if none is there.
func (s *dsock) receive() (int, error) {
	for i, b := range s.room {
		s.iov[i] = syscall.Iovec{Base: &b[0], Len: uint64(len(b))}
	}
	n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&s.heads[0])), uintptr(len(s.heads)), syscall.MSG_DONTWAIT, 0, 0)
	switch errno {
	case 0:
		return int(n), nil
	case syscall.EAGAIN, syscall.EINTR:
		return 0, nil
	}
	return 0, errno
}
