package kernel

import (
	"math"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Numbers of Linux that not every system's package syscall has.
const (
	soProtocol     = 38
	soDomain       = 39
	soPassCred     = 16
	soPriority     = 12
	tcpDeferAccept = 9
	tcpQuickAck    = 12
	ipTOS          = 1
	ipBindNoPort   = 24
)

// options are those that Sockopt tells as they were set. A connection that is
// accepted has its listener's.
type options struct {
	reuseAddr, reusePort, keepAlive, broadcast, passCred, priority int
	sendBuf, recvBuf                                               int
	linger                                                         int // seconds; -1 is off
	noDelay, keepIdle, keepIntvl, keepCnt                          int
	userTimeout, deferAccept, quickAck                             int
	segment, join                                                  int // of UDP
	v6only, bindNoPort, tos, ttl, hops                             int
	castTTL, castLoop, castHops, castLoop6                         int
}

func (h *Host) options() options {
	return options{
		linger: -1, keepIdle: 7200, keepIntvl: 75, keepCnt: 9, quickAck: 1, ttl: 64, hops: 64,
		castTTL: 1, castLoop: 1, castHops: 1, castLoop6: 1,
		sendBuf: h.Limits.SendBuf, recvBuf: h.Limits.RecvBuf,
	}
}

// place is where an option is kept that is simply set and told.
func (o *options) place(level, opt int) *int {
	switch level {
	case syscall.SOL_SOCKET:
		switch opt {
		case syscall.SO_REUSEADDR:
			return &o.reuseAddr
		case sys.SoReusePort:
			return &o.reusePort
		case syscall.SO_KEEPALIVE:
			return &o.keepAlive
		case syscall.SO_BROADCAST:
			return &o.broadcast
		case syscall.SO_SNDBUF:
			return &o.sendBuf
		case syscall.SO_RCVBUF:
			return &o.recvBuf
		case syscall.SO_LINGER:
			return &o.linger
		case soPassCred:
			return &o.passCred
		case soPriority:
			return &o.priority
		}
	case syscall.IPPROTO_TCP:
		return o.tcp(opt)
	case syscall.IPPROTO_UDP:
		switch opt {
		case sys.UDPSegment:
			return &o.segment
		case sys.UDPGRO:
			return &o.join
		}
	case syscall.IPPROTO_IP:
		switch opt {
		case ipTOS:
			return &o.tos
		case syscall.IP_TTL:
			return &o.ttl
		case syscall.IP_MULTICAST_TTL:
			return &o.castTTL
		case syscall.IP_MULTICAST_LOOP:
			return &o.castLoop
		case ipBindNoPort:
			return &o.bindNoPort
		}
	case syscall.IPPROTO_IPV6:
		return o.ipv6(opt)
	}
	return nil
}

func (o *options) ipv6(opt int) *int {
	switch opt {
	case syscall.IPV6_V6ONLY:
		return &o.v6only
	case syscall.IPV6_UNICAST_HOPS:
		return &o.hops
	case syscall.IPV6_MULTICAST_HOPS:
		return &o.castHops
	case syscall.IPV6_MULTICAST_LOOP:
		return &o.castLoop6
	}
	return nil
}

func (o *options) tcp(opt int) *int {
	switch opt {
	case syscall.TCP_NODELAY:
		return &o.noDelay
	case sys.TCPKeepIdle:
		return &o.keepIdle
	case sys.TCPKeepInterval:
		return &o.keepIntvl
	case sys.TCPKeepCount:
		return &o.keepCnt
	case sys.TCPUserTimeout:
		return &o.userTimeout
	case tcpDeferAccept:
		return &o.deferAccept
	case tcpQuickAck:
		return &o.quickAck
	}
	return nil
}

// option finds one for a socket. EOPNOTSUPP: sockets of its family have none
// of that level; IPv4 says so to who asks only. ENOPROTOOPT: there is no such
// option.
func (s *sock) option(level, opt int, ask bool) (*int, sys.Errno) {
	alien := level == syscall.IPPROTO_TCP && s.kind != syscall.SOCK_STREAM ||
		level == syscall.IPPROTO_UDP && s.kind != syscall.SOCK_DGRAM ||
		level == syscall.IPPROTO_IPV6 && s.family != syscall.AF_INET6
	switch {
	case level == syscall.SOL_SOCKET:
	case s.family == syscall.AF_UNIX, alien && ask && s.family == syscall.AF_INET:
		return nil, syscall.EOPNOTSUPP
	case alien:
		return nil, syscall.ENOPROTOOPT
	}
	if p := s.options.place(level, opt); p != nil {
		return p, 0
	}
	return nil, syscall.ENOPROTOOPT
}

// told are the options that are asked only.
func (s *sock) told(level, opt int) (v int, ok bool) {
	if level != syscall.SOL_SOCKET {
		return 0, false
	}
	switch opt {
	case sys.SoError:
		return int(s.take()), true
	case sys.SoType:
		return s.kind, true
	case soDomain:
		return s.family, true
	case soProtocol:
		return s.protocol(), true
	}
	return 0, false
}

func (s *sock) protocol() int {
	switch {
	case s.family == syscall.AF_UNIX:
		return 0
	case s.kind == syscall.SOCK_STREAM:
		return syscall.IPPROTO_TCP
	}
	return syscall.IPPROTO_UDP
}

// Sockopt reads an option. Reading SO_ERROR clears it.
func (p *Proc) Sockopt(fd, level, opt int) (int, sys.Errno) {
	s, e := p.socket(fd)
	if e != 0 {
		return 0, e
	}
	b := s.base()
	if v, ok := b.told(level, opt); ok {
		return v, 0
	}
	if level == syscall.SOL_SOCKET && opt == sys.SoAcceptConn {
		return truth(listening(s)), 0
	}
	v, e := b.option(level, opt, true)
	if e != 0 {
		return 0, e
	}
	return *v, 0
}

// SetSockopt writes an option.
func (p *Proc) SetSockopt(fd, level, opt, value int) sys.Errno {
	s, e := p.socket(fd)
	if e != 0 {
		return e
	}
	b := s.base()
	v, e := b.option(level, opt, false)
	if e != 0 {
		return e
	}
	o := &b.options
	if value, e = b.fit(v, value); e != 0 {
		return e
	}
	if v == &o.v6only && hasPort(s) {
		return syscall.EINVAL
	}
	*v = value
	if t, ok := s.(*tcp); ok {
		t.tuned(v)
	}
	return 0
}

// tuned has an option take effect that timers depend on.
func (t *tcp) tuned(v *int) {
	switch o := &t.options; {
	case v == &o.keepAlive, v == &o.keepIdle:
		t.guard()
	case v == &o.userTimeout && t.out != nil:
		t.out.probe()
	}
}

// fit is the value that an option gets when it is set to value. A size of a buffer
// has bounds and is doubled, as on Linux.
func (s *sock) fit(v *int, value int) (int, sys.Errno) {
	o := &s.options
	switch v {
	case &o.sendBuf:
		return max(2*min(value, mostBuf), leastSendBuf), 0
	case &o.recvBuf:
		return max(2*min(value, mostBuf), leastRecvBuf), 0
	case &o.linger:
		return max(value, -1), 0
	case &o.reuseAddr, &o.keepAlive, &o.broadcast, &o.passCred, &o.noDelay, &o.v6only, &o.bindNoPort, &o.castLoop, &o.join:
		return truth(value != 0), 0
	case &o.keepIdle, &o.keepIntvl:
		return inRange(value, 1, 32767)
	case &o.keepCnt:
		return inRange(value, 1, 127)
	case &o.reusePort:
		if s.family == syscall.AF_UNIX && value != 0 {
			return 0, syscall.EOPNOTSUPP
		}
		return truth(value != 0), 0
	case &o.segment:
		return inRange(value, 0, 1<<16-1)
	case &o.userTimeout:
		return inRange(value, 0, math.MaxInt32)
	case &o.ttl, &o.hops, &o.castTTL, &o.castHops, &o.castLoop6:
		return s.fitHops(v, value)
	}
	return value, 0
}

// fitHops is fit for how far packets go; -1 stands for the default.
func (s *sock) fitHops(v *int, value int) (int, sys.Errno) {
	o := &s.options
	stream := s.kind == syscall.SOCK_STREAM
	switch v {
	case &o.castLoop6:
		return inRange(value, 0, 1)
	case &o.castTTL:
		if stream {
			return 0, syscall.EINVAL
		}
	case &o.castHops:
		if stream {
			return 0, syscall.ENOPROTOOPT
		}
	}
	if value == -1 {
		if v == &o.ttl || v == &o.hops {
			return 64, 0
		}
		return 1, 0
	}
	least := 0
	if v == &o.ttl {
		least = 1
	}
	return inRange(value, least, 255)
}

// inRange is EINVAL for a value out of range.
func inRange(v, least, most int) (int, sys.Errno) {
	if v < least || v > most {
		return 0, syscall.EINVAL
	}
	return v, 0
}

const (
	leastSendBuf = 4608
	leastRecvBuf = 2304
	mostBuf      = 4 << 20 // net.core.wmem_max, rmem_max
)

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
