package tsocket

import (
	"math"
	"os"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Options asks for and changes the options of one socket. It is a value that may
// be kept; each method is one system call.
//
// Errors: EOPNOTSUPP where there is no socket, as on a Pipe; ENOSYS for an option
// that this system does not have, ENOPROTOOPT or EOPNOTSUPP for one that sockets
// of this kind do not have, EINVAL for a value out of range; after Disconnect and
// Close what every operation says then.
type Options struct {
	of optioned
}

// optioned is what has options.
type optioned interface {
	// socket is the descriptor, or why there is none.
	socket() (k sys.Kernel, fd int, err error)
	// isIPv6 tells which is meant where both families have an option of their own.
	isIPv6() bool
	// wrap adds the addresses.
	wrap(verb string, err error) error
}

// Optioner is what a StreamOps has besides if there is a socket somewhere below
// it, as below a layer.
type Optioner interface {
	// Options are those of that socket.
	Options() Options
}

// ReuseAddr is SO_REUSEADDR: an address may be bound although connections of its
// former owner are not forgotten yet. Listeners over TCP have it on.
func (o Options) ReuseAddr() (bool, error) { return o.flag("SO_REUSEADDR") }

// SetReuseAddr changes ReuseAddr, for the next bind.
func (o Options) SetReuseAddr(on bool) error { return o.setFlag("SO_REUSEADDR", on) }

// ReusePort is SO_REUSEPORT: several sockets have one address, and the system
// spreads over them what comes. ListenConfig has it for listeners.
func (o Options) ReusePort() (bool, error) { return o.flag("SO_REUSEPORT") }

// SetReusePort changes ReusePort, for the next bind.
func (o Options) SetReusePort(on bool) error { return o.setFlag("SO_REUSEPORT", on) }

// Broadcast is SO_BROADCAST: datagrams may be sent to broadcast addresses.
func (o Options) Broadcast() (bool, error) { return o.flag("SO_BROADCAST") }

// SetBroadcast changes Broadcast.
func (o Options) SetBroadcast(on bool) error { return o.setFlag("SO_BROADCAST", on) }

// SendBuffer is SO_SNDBUF, how many bytes the system keeps that were sent and not
// yet acknowledged. Linux counts its own overhead too: it tells twice of what was
// set.
func (o Options) SendBuffer() (int, error) { return o.number("SO_SNDBUF") }

// SetSendBuffer changes SendBuffer; the system has a least and a most.
func (o Options) SetSendBuffer(bytes int) error { return o.setNumber("SO_SNDBUF", bytes) }

// RecvBuffer is SO_RCVBUF, how many bytes the system keeps that came and were not
// yet read, counted as for SendBuffer.
func (o Options) RecvBuffer() (int, error) { return o.number("SO_RCVBUF") }

// SetRecvBuffer changes RecvBuffer; the system has a least and a most.
func (o Options) SetRecvBuffer(bytes int) error { return o.setNumber("SO_RCVBUF", bytes) }

// Linger is SO_LINGER, what becomes of bytes that are not sent yet at Close;
// negative is the default, the system sends them by itself. With 0 Close resets
// the connection. Above 0 Close waits so long for them to be sent, and the loop
// waits with it.
func (o Options) Linger() (time.Duration, error) { return o.duration("SO_LINGER", time.Second) }

// SetLinger changes Linger; a part of a second counts as a whole one.
func (o Options) SetLinger(d time.Duration) error {
	return o.setDuration("SO_LINGER", max(d, -time.Second), time.Second)
}

func (o Options) flag(name string) (bool, error) {
	v, err := o.number(name)
	return v != 0, err
}

func (o Options) setFlag(name string, on bool) error {
	v := 0
	if on {
		v = 1
	}
	return o.setNumber(name, v)
}

func (o Options) duration(name string, unit time.Duration) (time.Duration, error) {
	v, err := o.number(name)
	return time.Duration(v) * unit, err
}

// setDuration rounds up, as a timeout does.
func (o Options) setDuration(name string, d, unit time.Duration) error {
	if d > 0 {
		d += unit - 1
	}
	return o.setNumber(name, int(min(d/unit, math.MaxInt32)))
}

func (o Options) number(name string) (int, error) {
	v := 0
	err := o.call(name, func(k sys.Kernel, fd int, opt option) (errno sys.Errno) {
		v, errno = k.Sockopt(fd, opt.level, opt.number)
		return errno
	})
	return v, o.wrap("get option", name, err)
}

func (o Options) setNumber(name string, v int) error {
	if v != int(int32(v)) {
		return o.wrap("set option", name, syscall.EINVAL)
	}
	err := o.call(name, func(k sys.Kernel, fd int, opt option) sys.Errno {
		return k.SetSockopt(fd, opt.level, opt.number, v)
	})
	return o.wrap("set option", name, err)
}

// call finds the option and the descriptor.
func (o Options) call(name string, do func(k sys.Kernel, fd int, opt option) sys.Errno) error {
	opt, ok := optionNamed(name)
	if !ok {
		return syscall.ENOSYS
	}
	k, fd, err := o.of.socket()
	if err != nil {
		return err
	}
	return retry(func() sys.Errno { return do(k, fd, opt) })
}

// wrap names the option beside the error of a call.
func (o Options) wrap(verb, name string, err error) error {
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError(name, errno)
	}
	return o.of.wrap(verb, err)
}
