//go:build linux

package main

import (
	"errors"
	"syscall"
	"time"
)

// patience is how long a server may say nothing at all.
const patience = 5 * time.Second

var errSilent = errors.New("the server says nothing any more")

// loop is the one thread's state.
type loop struct {
	config
	pattern *pattern
	ep      int
	conns   []*conn
	open    int // connections that are not lost
	buf     []byte
	start   time.Time // of the clock that tick reads
	now     int64     // the latest reading: a clock costs as much as 1 % of a request
	idle    int64     // spent in looking when nothing was there
	began   int64     // end of the warm-up
	ended   int64     // end of the measurement, 0 before it
	issued  int64
	latency histogram
	report  report
}

func run(c config) (report, error) {
	l := &loop{config: c, pattern: newPattern(c.size, c.framed), buf: make([]byte, 256<<10), start: time.Now()}
	if err := l.connect(); err != nil {
		l.report.Errors++
		return l.report, err
	}
	err := l.drive()
	l.summarize()
	return l.report, err
}

func (l *loop) tick() int64 {
	l.now = int64(time.Since(l.start))
	return l.now
}

func (l *loop) connect() (err error) {
	if l.ep, err = syscall.EpollCreate1(0); err != nil {
		return err
	}
	for i := range l.config.conns {
		fd, err := dial("tcp", l.addr)
		if err != nil {
			return err
		}
		c := &conn{fd: fd, start: int64(i * l.pattern.message), since: make([]int64, l.depth)}
		l.conns = append(l.conns, c)
		l.open++
		if err := watch(l.ep, syscall.EPOLL_CTL_ADD, fd, i, reading); err != nil {
			return err
		}
	}
	return nil
}

// drive runs until every reply to a request issued in time has come.
func (l *loop) drive() error {
	l.began = l.tick() + int64(l.warmup)
	for i, c := range l.conns {
		l.next(c, int64(l.depth), l.tick())
		l.push(i, c)
	}
	events := make([]syscall.EpollEvent, 256)
	for heard := l.now; l.outstanding(); {
		n, errno := l.wait(events)
		switch {
		case errno != 0 && errno != syscall.EINTR: // the runtime interrupts us now and then
			return errno
		case errno == 0 && n > 0:
			heard = l.now
		case l.tick()-heard > int64(patience):
			l.report.Errors++
			return errSilent
		}
		for _, e := range events[:max(n, 0)] {
			l.ready(int(e.Fd), e.Events)
		}
	}
	return nil
}

// wait looks whether something has come, and never sleeps: waking this process is
// work that the server's sends would do, the more of it the faster the server is.
func (l *loop) wait(events []syscall.EpollEvent) (int, syscall.Errno) {
	before := l.now
	n, errno := poll(l.ep, events)
	if n <= 0 {
		l.idle += l.tick() - before
	}
	return n, errno
}

// outstanding also notices the end of the measurement: its time has come, or
// nothing is left to wait for.
func (l *loop) outstanding() bool {
	if l.ended == 0 && l.now < l.began+int64(l.duration) && l.open > 0 && (l.count == 0 || l.report.Requests < l.count) {
		return true
	}
	if l.ended == 0 {
		l.ended = l.now
	}
	return l.owed()
}

func (l *loop) owed() bool {
	for _, c := range l.conns {
		if c.fd >= 0 && c.got < c.due {
			return true
		}
	}
	return false
}

func (l *loop) ready(i int, events uint32) {
	c := l.conns[i]
	if c.fd < 0 {
		return
	}
	for more := events&^syscall.EPOLLOUT != 0; more; {
		n, done, err := c.receive(l.pattern, l.buf)
		if err != nil {
			l.lose(c)
			return
		}
		l.completed(c, done)
		more = n == len(l.buf) || n > 0 && events&closing != 0
	}
	l.push(i, c)
}

// completed rates the replies that have just become complete and issues as
// many requests.
func (l *loop) completed(c *conn, done int64) {
	now := l.tick()
	last := c.got / int64(l.pattern.message)
	for i := last - done; i < last; i++ {
		if l.report.Requests++; now >= l.began && l.ended == 0 {
			l.latency.add(now - c.since[i%int64(l.depth)])
		}
	}
	l.next(c, done, now)
}

func (l *loop) next(c *conn, n, now int64) {
	if l.count > 0 {
		n = min(n, l.count-l.issued)
	}
	if l.ended == 0 && n > 0 {
		l.issued += n
		c.issue(n, l.pattern.message, now)
	}
}

// push sends, and asks for EPOLLOUT only while the socket is full.
func (l *loop) push(i int, c *conn) {
	was := c.full
	if err := c.send(l.pattern); err != nil {
		l.lose(c)
		return
	}
	if c.full != was {
		events := uint32(reading)
		if c.full {
			events |= syscall.EPOLLOUT
		}
		if watch(l.ep, syscall.EPOLL_CTL_MOD, c.fd, i, events) != nil {
			l.lose(c)
		}
	}
}

func (l *loop) lose(c *conn) {
	l.report.Errors++
	syscall.Close(c.fd)
	c.fd = -1
	l.open--
}

func (l *loop) summarize() {
	if l.ended == 0 {
		l.ended = l.tick()
	}
	r := &l.report
	r.Seconds = max(float64(l.ended-l.began)/1e9, 1e-9)
	r.PerSec = float64(l.latency.total) / r.Seconds
	r.P50 = l.latency.quantile(0.50) / 1e3
	r.P99 = l.latency.quantile(0.99) / 1e3
	r.Busy = 1 - float64(l.idle)/float64(l.tick())
}
