package faulttest

import (
	"fmt"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
)

// Op is what the table has to know of an operation.
type Op struct {
	Name    string
	Unix    bool // over a unix socket
	Opens   bool // needs its own address: it listens
	Any     bool // at every address, IPv6 or, if there is none, IPv4
	Late    bool // the answer to its connect comes later
	Accepts bool
	Long    bool // it has to wait for room, again and again
	Reads   bool // and the bytes come after it has begun to wait
	More    bool // it reads on when bytes have come
	AtOnce  bool // it ends before the loop waits
	Asks    bool // it is about options
	Dgram   bool // it is about datagrams
	Prompt  bool // its connect takes no time
	Rights  bool // descriptors travel, which are closed whatever Close says
	Packets bool // receives messages that the system keeps apart; it tells a reset before those that are there
	Loose   bool // what retries and falls back by itself: any outcome in time is right
}

// Cell is one fault at one call of one operation.
type Cell struct {
	Op   Op
	Plan fault.Plan
}

func (c Cell) String() string { return fmt.Sprintf("%s, %v", c.Op.Name, c.Plan) }

// once is Succeeds for a fault that goes away and Waits for one that stays.
func (c Cell) once() Verdict {
	if c.Plan.Persistent {
		return Waits
	}
	return Succeeds
}

// Verdict is the table.
func (c Cell) Verdict() Verdict {
	v := c.strict()
	asks := c.Plan.Call == fault.Want || c.Plan.Call == fault.Accept || // of many connections
		c.Plan.Call == fault.SendPacket // of a call that never waits
	if c.Op.Loose && (v == Fails || v == Waits || asks && c.Plan.Errno != syscall.EINTR) {
		return Ends
	}
	return v
}

// strict is what a single operation comes to.
func (c Cell) strict() Verdict {
	e := c.Plan.Errno
	switch c.Plan.Call {
	case fault.Close:
		if c.Op.Rights {
			return Succeeds
		}
	case fault.Del, fault.Unlink:
		return Succeeds
	case fault.SetSockopt:
		if !c.Op.Asks {
			return Succeeds // an option is not the connection
		}
	case fault.Sockname:
		if !c.Op.Opens {
			return Succeeds
		}
	case fault.Socket, fault.Bind:
		if c.Op.Any && !c.Plan.Persistent && (e == syscall.EAFNOSUPPORT || e == syscall.EADDRNOTAVAIL) {
			return Succeeds
		}
	case fault.Sockopt:
		if !c.Op.Late && !c.Op.Asks {
			return Succeeds // it is asked why something is over
		}
	case fault.Peername:
		return c.peername()
	case fault.Connect:
		return c.connect()
	case fault.Accept:
		return c.accept()
	case fault.Add:
		if c.Op.Accepts {
			return c.once()
		}
	case fault.Recvmsg, fault.Sendmsg, fault.RecvPacket, fault.RecvPackets:
		if e == syscall.EAGAIN {
			return c.once()
		}
		if e == syscall.ECONNRESET && c.Plan.Call == fault.RecvPacket && c.Op.Packets && !c.Plan.Persistent {
			return Succeeds
		}
	case fault.SendPacket, fault.SendPackets:
		return c.sendPacket()
	case fault.Wait:
		return c.wait()
	case fault.Want:
		return c.want()
	}
	return c.plain()
}

// plain is what most calls come to.
func (c Cell) plain() Verdict {
	if c.Plan.Errno == syscall.EINTR || c.Plan.Errno == 0 {
		return Succeeds
	}
	return Fails
}

// wait is the loop's own call. By the last one the operation may have ended.
func (c Cell) wait() Verdict {
	switch {
	case c.Plan.Errno == syscall.EINTR || c.Op.AtOnce:
		return Succeeds
	case c.Plan.Nth > 1:
		return Succeeds | StopsLoop
	}
	return StopsLoop
}

// sendPacket repeats what may have been an older datagram's error, and sends apart
// what was together.
func (c Cell) sendPacket() Verdict {
	switch {
	case c.Plan.Errno == syscall.EAGAIN, c.Op.Dgram && c.Plan.Call == fault.SendPackets:
		return c.resent()
	case !c.Op.Dgram || c.Op.Unix:
		return c.plain()
	}
	switch c.Plan.Errno {
	case syscall.EHOSTUNREACH, syscall.EOPNOTSUPP, syscall.EACCES:
		return c.resent()
	}
	return c.plain()
}

// resent is Succeeds for a fault that goes away, and what one comes to that stays.
func (c Cell) resent() Verdict {
	switch {
	case !c.Plan.Persistent || c.Plan.Errno == syscall.EINTR:
		return Succeeds
	case c.Plan.Errno == syscall.EAGAIN:
		return Waits
	}
	return Fails
}

func (c Cell) connect() Verdict {
	switch {
	case c.Op.Dgram:
		return c.plain()
	case c.Plan.Errno == syscall.EINPROGRESS && !c.Op.Prompt:
		return Succeeds
	case c.Plan.Errno == syscall.EAGAIN && c.Op.Unix:
		return c.once()
	}
	return c.plain()
}

// peername is asked whether a connect is over; elsewhere it is for people.
func (c Cell) peername() Verdict {
	switch {
	case !c.Op.Late || c.Plan.Errno == syscall.EINTR:
		return Succeeds
	case c.Plan.Errno == syscall.ENOTCONN:
		return Waits // the connect is still under way
	}
	return Fails
}

func (c Cell) want() Verdict {
	switch {
	case c.Op.Long && c.Op.Rights:
		return Succeeds | Fails // a call that took a part has not asked
	case c.Op.Long && !c.Plan.Persistent:
		return Succeeds // it is asked again when the socket is full
	case (c.Op.Long || c.Op.More) && c.Plan.Nth > 1:
		return Succeeds | Fails // that may have been the last time
	case c.Op.Reads && c.Plan.Nth > 1:
		return Succeeds // the bytes are there, and there was room for more
	case c.Op.Accepts && c.accept() != Fails:
		return Succeeds // the next attempt finds a connection
	}
	return Fails
}

func (c Cell) accept() Verdict {
	switch c.Plan.Errno {
	case syscall.EBADF, syscall.EFAULT, syscall.EINVAL, syscall.ENOTSOCK, syscall.EOPNOTSUPP:
		return Fails
	case syscall.EINTR:
		return Succeeds
	}
	return c.once()
}
