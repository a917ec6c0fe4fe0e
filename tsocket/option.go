package tsocket

import (
	"strconv"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// option is one that sockets have.
type option struct {
	name          string // the system's
	level, number int    // number is negative where the system has none
}

// options are all there are, for the typed methods as well as by name.
var options = [...]option{
	{"SO_REUSEADDR", syscall.SOL_SOCKET, syscall.SO_REUSEADDR},
	{"SO_REUSEPORT", syscall.SOL_SOCKET, sys.SoReusePort},
	{"SO_BROADCAST", syscall.SOL_SOCKET, syscall.SO_BROADCAST},
	{"SO_KEEPALIVE", syscall.SOL_SOCKET, syscall.SO_KEEPALIVE},
	{"SO_LINGER", syscall.SOL_SOCKET, syscall.SO_LINGER}, // seconds; -1 is off
	{"SO_SNDBUF", syscall.SOL_SOCKET, syscall.SO_SNDBUF},
	{"SO_RCVBUF", syscall.SOL_SOCKET, syscall.SO_RCVBUF},
	{"TCP_NODELAY", syscall.IPPROTO_TCP, syscall.TCP_NODELAY},
	{"TCP_KEEPIDLE", syscall.IPPROTO_TCP, sys.TCPKeepIdle},
	{"TCP_KEEPINTVL", syscall.IPPROTO_TCP, sys.TCPKeepInterval},
	{"TCP_KEEPCNT", syscall.IPPROTO_TCP, sys.TCPKeepCount},
	{"TCP_USER_TIMEOUT", syscall.IPPROTO_TCP, sys.TCPUserTimeout}, // milliseconds
	{"IP_TTL", syscall.IPPROTO_IP, syscall.IP_TTL},
	{"IP_TOS", syscall.IPPROTO_IP, syscall.IP_TOS},
	{"IP_MULTICAST_TTL", syscall.IPPROTO_IP, syscall.IP_MULTICAST_TTL},
	{"IP_MULTICAST_LOOP", syscall.IPPROTO_IP, syscall.IP_MULTICAST_LOOP},
	{"IPV6_V6ONLY", syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY},
	{"IPV6_UNICAST_HOPS", syscall.IPPROTO_IPV6, syscall.IPV6_UNICAST_HOPS},
	{"IPV6_MULTICAST_HOPS", syscall.IPPROTO_IPV6, syscall.IPV6_MULTICAST_HOPS},
	{"IPV6_MULTICAST_LOOP", syscall.IPPROTO_IPV6, syscall.IPV6_MULTICAST_LOOP},
}

// optionNamed finds one that this system has.
func optionNamed(name string) (option, bool) {
	for _, o := range options {
		if o.name == name {
			return o, o.number >= 0
		}
	}
	return option{}, false
}

// Get asks for an option by the name that the system's C headers have for it,
// such as "SO_REUSEADDR" or "TCP_NODELAY", and tells it as a decimal number in
// the system's own unit: 0 or 1 for a switch, seconds for SO_LINGER (-1 is off)
// and the keepalive times, milliseconds for TCP_USER_TIMEOUT.
//
// Errors: those of the typed methods. A name that is not known here, or that
// this system does not have, is ENOSYS with force, and "" without an error
// otherwise. Source: tsocket_get_option.
func (o Options) Get(name string, force bool) (string, error) {
	if _, ok := optionNamed(name); !ok && !force {
		return "", nil
	}
	v, err := o.number(name)
	if err != nil {
		return "", err
	}
	return strconv.Itoa(v), nil
}

// Set changes an option by its name; value is what Get tells.
//
// Errors: those of the typed methods; EINVAL for what is no number. A name that
// is not known here, or that this system does not have, is ENOSYS with force,
// and ignored otherwise. Source: tsocket_set_option.
func (o Options) Set(name string, force bool, value string) error {
	if _, ok := optionNamed(name); !ok && !force {
		return nil
	}
	v, err := strconv.ParseInt(value, 10, 32)
	if err != nil {
		return o.wrap("set option", name, syscall.EINVAL)
	}
	return o.setNumber(name, int(v))
}
