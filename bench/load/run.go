//go:build linux

package main

import (
	"errors"
	"slices"
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
	caller  caller
	calls   []call    // of the present batch
	touched []*conn   // by it
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
	l := &loop{config: c, pattern: newPattern(c.size, c.framed), caller: newCaller(), start: time.Now()}
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
		c := &conn{fd: fd, index: i, start: int64(i * l.pattern.message), since: make([]int64, l.depth),
			buf: make([]byte, min(l.depth*l.pattern.message+1, 64<<10))}
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
	for conns := range slices.Chunk(l.conns, most) {
		for _, c := range conns {
			l.next(c, int64(l.depth), l.tick())
		}
		if err := l.push(conns); err != nil {
			return err
		}
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
		for some := range slices.Chunk(events[:max(n, 0)], most) {
			if err := l.ready(some); err != nil {
				return err
			}
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

// ready receives from those that have something, and sends what that makes due.
func (l *loop) ready(events []syscall.EpollEvent) error {
	l.touched = l.touched[:0]
	l.calls = l.calls[:0]
	for _, e := range events {
		c := l.conns[e.Fd]
		if c.fd < 0 {
			continue
		}
		l.touched = append(l.touched, c)
		c.over = c.over || e.Events&closing != 0
		if c.full && e.Events&syscall.EPOLLOUT != 0 {
			c.full = false
			l.watch(c)
		}
		if e.Events&^syscall.EPOLLOUT != 0 {
			l.calls = append(l.calls, call{c: c, buf: c.buf})
		}
	}
	for len(l.calls) > 0 {
		if err := l.caller.make(l.calls); err != nil {
			return err
		}
		again := l.calls[:0]
		for i := range l.calls {
			if !l.received(&l.calls[i]) {
				again = append(again, l.calls[i])
			}
		}
		l.calls = again
	}
	return l.push(l.touched)
}

// received reports whether a receive leaves nothing behind.
func (l *loop) received(x *call) bool {
	done, err := x.c.receivedBy(x, l.pattern)
	if err != nil {
		l.lose(x.c)
		return true
	}
	l.completed(x.c, done)
	return x.n < len(x.buf) && !(x.n > 0 && x.c.over)
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

// push sends what is due, and asks for EPOLLOUT only while a socket is full.
func (l *loop) push(conns []*conn) error {
	for {
		l.calls = l.calls[:0]
		for _, c := range conns {
			if b := c.sends(l.pattern); c.fd >= 0 && !c.full && len(b) > 0 {
				l.calls = append(l.calls, call{c: c, send: true, buf: b})
			}
		}
		if len(l.calls) == 0 {
			return nil
		}
		if err := l.caller.make(l.calls); err != nil {
			return err
		}
		for i := range l.calls {
			l.sent(&l.calls[i])
		}
	}
}

func (l *loop) sent(x *call) {
	if err := x.c.sentBy(x); err != nil {
		l.lose(x.c)
	} else if x.c.full {
		l.watch(x.c)
	}
}

// watch asks for EPOLLOUT while the socket is full.
func (l *loop) watch(c *conn) {
	events := uint32(reading)
	if c.full {
		events |= syscall.EPOLLOUT
	}
	if watch(l.ep, syscall.EPOLL_CTL_MOD, c.fd, c.index, events) != nil {
		l.lose(c)
	}
}

func (l *loop) lose(c *conn) {
	if c.fd < 0 {
		return
	}
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
