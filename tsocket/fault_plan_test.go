package tsocket_test

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
)

// manual is what the calls fail with: the ERRORS of their manual pages. Any
// call of the Kernel may also be interrupted.
var manual = map[fault.Call][]sys.Errno{
	fault.Socket: {unix.EACCES, unix.EAFNOSUPPORT, unix.EINVAL, unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM,
		unix.EPROTONOSUPPORT, unix.EINTR},
	fault.SetSockopt: {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOPROTOOPT, unix.ENOTSOCK, unix.EINTR},
	fault.Sockopt:    {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOPROTOOPT, unix.ENOTSOCK, unix.EINTR},
	fault.Bind: {unix.EACCES, unix.EADDRINUSE, unix.EBADF, unix.EINVAL, unix.ENOTSOCK, unix.EADDRNOTAVAIL, unix.EFAULT,
		unix.ELOOP, unix.ENAMETOOLONG, unix.ENOENT, unix.ENOMEM, unix.ENOTDIR, unix.EROFS, unix.EINTR},
	fault.Listen: {unix.EADDRINUSE, unix.EBADF, unix.ENOTSOCK, unix.EOPNOTSUPP, unix.EINTR},
	fault.Connect: {unix.EACCES, unix.EPERM, unix.EADDRINUSE, unix.EADDRNOTAVAIL, unix.EAFNOSUPPORT, unix.EAGAIN,
		unix.EALREADY, unix.EBADF, unix.ECONNREFUSED, unix.EFAULT, unix.EINPROGRESS, unix.EINTR, unix.EISCONN,
		unix.ENETUNREACH, unix.ENOTSOCK, unix.EPROTOTYPE, unix.ETIMEDOUT, unix.EHOSTUNREACH},
	fault.Accept: {unix.EAGAIN, unix.EBADF, unix.ECONNABORTED, unix.EFAULT, unix.EINTR, unix.EINVAL, unix.EMFILE,
		unix.ENFILE, unix.ENOBUFS, unix.ENOMEM, unix.ENOTSOCK, unix.EOPNOTSUPP, unix.EPERM, unix.EPROTO, unix.ENETDOWN,
		unix.ENOPROTOOPT, unix.EHOSTDOWN, unix.ENONET, unix.EHOSTUNREACH, unix.ENETUNREACH, unix.ENOSR,
		unix.ESOCKTNOSUPPORT, unix.EPROTONOSUPPORT, unix.ETIMEDOUT},
	fault.Recvmsg: {unix.EAGAIN, unix.EBADF, unix.ECONNREFUSED, unix.EFAULT, unix.EINTR, unix.EINVAL, unix.ENOMEM,
		unix.ENOTCONN, unix.ENOTSOCK, unix.ECONNRESET, unix.ETIMEDOUT, unix.EHOSTUNREACH},
	fault.Sendmsg: {unix.EACCES, unix.EAGAIN, unix.EALREADY, unix.EBADF, unix.ECONNRESET, unix.EDESTADDRREQ, unix.EFAULT,
		unix.EINTR, unix.EINVAL, unix.EISCONN, unix.EMSGSIZE, unix.ENOBUFS, unix.ENOMEM, unix.ENOTCONN, unix.ENOTSOCK,
		unix.EOPNOTSUPP, unix.EPIPE, unix.ETIMEDOUT, unix.EHOSTUNREACH},
	fault.Shutdown: {unix.EBADF, unix.EINVAL, unix.ENOTCONN, unix.ENOTSOCK, unix.EINTR},
	fault.Close:    {unix.EBADF, unix.EINTR, unix.EIO, unix.ENOSPC, unix.EDQUOT},
	fault.Sockname: {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOBUFS, unix.ENOTSOCK, unix.EINTR},
	fault.Peername: {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOBUFS, unix.ENOTCONN, unix.ENOTSOCK, unix.EINTR},
	fault.Pending:  {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOTTY, unix.EINTR},
	fault.Unlink: {unix.EACCES, unix.EBUSY, unix.EFAULT, unix.EIO, unix.EISDIR, unix.ELOOP, unix.ENAMETOOLONG, unix.ENOENT,
		unix.ENOMEM, unix.ENOTDIR, unix.EPERM, unix.EROFS, unix.EINTR},
	fault.Add:  {unix.EBADF, unix.EEXIST, unix.EINVAL, unix.ELOOP, unix.ENOMEM, unix.ENOSPC, unix.EPERM},
	fault.Want: {unix.EBADF, unix.EINVAL, unix.ENOENT, unix.ENOMEM},
	fault.Del:  {unix.EBADF, unix.EINVAL, unix.ENOENT, unix.ENOMEM},
	fault.Wait: {unix.EBADF, unix.EFAULT, unix.EINTR, unix.EINVAL},
}

// cell is one fault at one call of one operation.
type cell struct {
	op   operation
	plan fault.Plan
	own  bool // only on the operation's own descriptor
}

func (c cell) String() string { return fmt.Sprintf("%s, %v", c.op.name, c.plan) }

// verdict is what a cell has to come to.
type verdict uint8

const (
	succeeds  verdict = iota
	failsSo           // with the errno
	waits             // until its deadline
	stopsLoop         // LoopOnce fails with the errno, and nothing else happens
)

// once is succeeds for a fault that goes away and waits for one that stays.
func (c cell) once() verdict {
	if c.plan.Persistent {
		return waits
	}
	return succeeds
}

// verdict is the table errno → result.
func (c cell) verdict() verdict {
	e := c.plan.Errno
	switch c.plan.Call {
	case fault.SetSockopt, fault.Del, fault.Unlink:
		return succeeds // an option is not the connection
	case fault.Sockname:
		if !strings.HasPrefix(c.op.name, "listen") {
			return succeeds
		}
	case fault.Peername:
		if c.op.unix {
			return succeeds
		}
		if e == unix.ENOTCONN {
			return waits // the connect is still under way
		}
	case fault.Connect:
		if e == unix.EINPROGRESS {
			return succeeds
		}
		if e == unix.EAGAIN && c.op.unix {
			return c.once()
		}
	case fault.Accept:
		return c.acceptVerdict()
	case fault.Add:
		if c.op.accepts {
			return c.once()
		}
	case fault.Recvmsg, fault.Sendmsg:
		if e == unix.EAGAIN {
			return c.once()
		}
	case fault.Wait:
		if e != unix.EINTR && !c.op.atOnce {
			return stopsLoop
		}
		return succeeds
	case fault.Want:
		return c.wantVerdict()
	}
	if e == unix.EINTR || e == 0 {
		return succeeds
	}
	return failsSo
}

func (c cell) wantVerdict() verdict {
	switch {
	case c.op.name == "writev long" && !c.plan.Persistent:
		return succeeds // it is asked again when the socket is full
	case (c.op.name == "readv" || c.op.name == "peek") && c.plan.Nth > 1:
		return succeeds // the bytes are there, and there was room for more
	case c.op.accepts && c.acceptVerdict() != failsSo:
		return succeeds // the next attempt finds a connection
	}
	return failsSo
}

func (c cell) acceptVerdict() verdict {
	switch c.plan.Errno {
	case unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOTSOCK, unix.EOPNOTSUPP:
		return failsSo
	case unix.EINTR:
		return succeeds
	}
	return c.once()
}

// waitTime is how long a request of a cell may take: those that have to wait
// for ever need not long.
type waitTime = time.Duration

func (v verdict) wait() waitTime {
	if v == waits {
		return 25 * time.Millisecond
	}
	return patience
}

func netipPort(ap netip.AddrPort, port int) netip.AddrPort {
	return netip.AddrPortFrom(ap.Addr(), uint16(port))
}

// cells are the faults at the calls that a recorded run made.
func cells(op operation, log []fault.Entry, fd int) (all []cell) {
	type place struct {
		call fault.Call
		own  bool
	}
	seen := map[place]int{}
	for _, e := range log {
		p := place{e.Call, fd > 0 && e.FD >= 0}
		if p.own && e.FD != fd || manual[e.Call] == nil {
			continue
		}
		seen[p]++
		if seen[p] > 5 || e.Call == fault.Wait && seen[p] > 1 {
			continue // the same again
		}
		all = append(all, op.cellsAt(fault.Plan{Call: e.Call, Nth: seen[p]}, p.own)...)
	}
	return all
}

func (op operation) cellsAt(p fault.Plan, own bool) (all []cell) {
	for _, persistent := range []bool{false, true} {
		p.Persistent = persistent
		for _, e := range manual[p.Call] {
			q := p
			q.Errno = e
			all = append(all, cell{op, q, own})
		}
		if p.Call == fault.Recvmsg || p.Call == fault.Sendmsg {
			for _, short := range []fault.Short{fault.OneByte, fault.Half} {
				q := p
				q.Short = short
				all = append(all, cell{op, q, own})
			}
		}
	}
	return all
}
