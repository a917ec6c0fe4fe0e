package faulttest

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
)

// Op is what the table has to know of an operation.
type Op struct {
	Name    string
	Unix    bool // over a unix socket
	Opens   bool // needs its own address: it listens
	Late    bool // the answer to its connect comes later
	Accepts bool
	Long    bool // it has to wait for room, again and again
	Reads   bool // and the bytes come after it has begun to wait
	AtOnce  bool // it ends before the loop waits
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
	if c.Op.Loose && (v == Fails || v == Waits) {
		return Ends
	}
	return v
}

// strict is what is not an operation of several.
func (c Cell) strict() Verdict {
	e := c.Plan.Errno
	switch c.Plan.Call {
	case fault.SetSockopt, fault.Del, fault.Unlink:
		return Succeeds // an option is not the connection
	case fault.Sockname:
		if !c.Op.Opens {
			return Succeeds
		}
	case fault.Peername:
		return c.peername()
	case fault.Connect:
		if e == unix.EINPROGRESS {
			return Succeeds
		}
		if e == unix.EAGAIN && c.Op.Unix {
			return c.once()
		}
	case fault.Accept:
		return c.accept()
	case fault.Add:
		if c.Op.Accepts {
			return c.once()
		}
	case fault.Recvmsg, fault.Sendmsg:
		if e == unix.EAGAIN {
			return c.once()
		}
	case fault.Wait:
		if e != unix.EINTR && !c.Op.AtOnce {
			return StopsLoop
		}
		return Succeeds
	case fault.Want:
		return c.want()
	}
	if e == unix.EINTR || e == 0 {
		return Succeeds
	}
	return Fails
}

// peername is asked whether a connect is over; elsewhere it is for people.
func (c Cell) peername() Verdict {
	switch {
	case !c.Op.Late || c.Plan.Errno == unix.EINTR:
		return Succeeds
	case c.Plan.Errno == unix.ENOTCONN:
		return Waits // the connect is still under way
	}
	return Fails
}

func (c Cell) want() Verdict {
	switch {
	case c.Op.Long && !c.Plan.Persistent:
		return Succeeds // it is asked again when the socket is full
	case c.Op.Reads && c.Plan.Nth > 1:
		return Succeeds // the bytes are there, and there was room for more
	case c.Op.Accepts && c.accept() != Fails:
		return Succeeds // the next attempt finds a connection
	}
	return Fails
}

func (c Cell) accept() Verdict {
	switch c.Plan.Errno {
	case unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOTSOCK, unix.EOPNOTSUPP:
		return Fails
	case unix.EINTR:
		return Succeeds
	}
	return c.once()
}
