package socks5

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

var (
	// ErrAuth: the proxy wants to know who asks.
	ErrAuth = errors.New("the proxy demands authentication, which is not supported")
	// ErrCommand: only CONNECT is supported, neither BIND nor UDP ASSOCIATE.
	ErrCommand = errors.New("only CONNECT is supported, not UDP ASSOCIATE")
	// ErrTarget: the target is no host and port that the protocol can carry.
	ErrTarget = errors.New("the target is no host and port")
)

// ReplyError is why the proxy did not connect. Source: RFC 1928, section 6.
type ReplyError uint8

// The replies that RFC 1928 names; 0 is success and no error.
const (
	GeneralFailure      ReplyError = 1
	NotAllowed          ReplyError = 2
	NetworkUnreachable  ReplyError = 3
	HostUnreachable     ReplyError = 4
	ConnectionRefused   ReplyError = 5
	TTLExpired          ReplyError = 6
	CommandNotSupported ReplyError = 7
	AddressNotSupported ReplyError = 8
)

// replies are texts and what errors.Is finds besides.
var replies = [...]struct {
	text  string
	errno error
}{
	GeneralFailure:      {"general failure of the proxy", nil},
	NotAllowed:          {"not allowed by the proxy's rules", syscall.EACCES},
	NetworkUnreachable:  {"network unreachable", syscall.ENETUNREACH},
	HostUnreachable:     {"host unreachable", syscall.EHOSTUNREACH},
	ConnectionRefused:   {"connection refused", syscall.ECONNREFUSED},
	TTLExpired:          {"TTL expired", syscall.EHOSTUNREACH},
	CommandNotSupported: {"command not supported by the proxy", ErrCommand},
	AddressNotSupported: {"kind of address not supported by the proxy", syscall.EAFNOSUPPORT},
}

// Error says what the proxy answered.
func (e ReplyError) Error() string {
	if int(e) < len(replies) && e != 0 {
		return replies[e].text
	}
	return fmt.Sprintf("the proxy answers %#02x, which nobody has assigned", uint8(e))
}

// Unwrap is the errno of a connect that fails so, nil if there is none.
func (e ReplyError) Unwrap() error {
	if int(e) < len(replies) {
		return replies[e].errno
	}
	return nil
}

// ProtocolError is a byte where the proxy should have sent another.
type ProtocolError struct {
	Where string // such as "version"
	Byte  byte
}

// Error names the place and the byte.
func (e ProtocolError) Error() string {
	return fmt.Sprintf("the proxy breaks the protocol: %s %#02x", e.Where, e.Byte)
}

// wrap adds the verb and the target at the public edge.
func wrap(to asked, err error) error {
	return &net.OpError{Op: "socks5", Net: to.network, Addr: to, Err: err}
}
