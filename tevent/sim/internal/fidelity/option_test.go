//go:build linux

package fidelity

import (
	"golang.org/x/sys/unix"
)

// option is the level and the number of one.
type option struct{ level, number int }

var options = map[string]option{
	"SO_ACCEPTCONN":       {unix.SOL_SOCKET, unix.SO_ACCEPTCONN},
	"SO_BROADCAST":        {unix.SOL_SOCKET, unix.SO_BROADCAST},
	"SO_DOMAIN":           {unix.SOL_SOCKET, unix.SO_DOMAIN},
	"SO_ERROR":            {unix.SOL_SOCKET, unix.SO_ERROR},
	"SO_KEEPALIVE":        {unix.SOL_SOCKET, unix.SO_KEEPALIVE},
	"SO_LINGER":           {unix.SOL_SOCKET, unix.SO_LINGER},
	"SO_PASSCRED":         {unix.SOL_SOCKET, unix.SO_PASSCRED},
	"SO_PROTOCOL":         {unix.SOL_SOCKET, unix.SO_PROTOCOL},
	"SO_RCVBUF":           {unix.SOL_SOCKET, unix.SO_RCVBUF},
	"SO_REUSEADDR":        {unix.SOL_SOCKET, unix.SO_REUSEADDR},
	"SO_REUSEPORT":        {unix.SOL_SOCKET, unix.SO_REUSEPORT},
	"SO_SNDBUF":           {unix.SOL_SOCKET, unix.SO_SNDBUF},
	"SO_TYPE":             {unix.SOL_SOCKET, unix.SO_TYPE},
	"TCP_NODELAY":         {unix.IPPROTO_TCP, unix.TCP_NODELAY},
	"TCP_KEEPIDLE":        {unix.IPPROTO_TCP, unix.TCP_KEEPIDLE},
	"TCP_KEEPINTVL":       {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL},
	"TCP_KEEPCNT":         {unix.IPPROTO_TCP, unix.TCP_KEEPCNT},
	"TCP_USER_TIMEOUT":    {unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT},
	"UDP_SEGMENT":         {unix.IPPROTO_UDP, unix.UDP_SEGMENT},
	"UDP_GRO":             {unix.IPPROTO_UDP, unix.UDP_GRO},
	"IPV6_V6ONLY":         {unix.IPPROTO_IPV6, unix.IPV6_V6ONLY},
	"IPV6_UNICAST_HOPS":   {unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS},
	"IPV6_MULTICAST_HOPS": {unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS},
	"IPV6_MULTICAST_LOOP": {unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_LOOP},
	"IP_MULTICAST_TTL":    {unix.IPPROTO_IP, unix.IP_MULTICAST_TTL},
	"IP_MULTICAST_LOOP":   {unix.IPPROTO_IP, unix.IP_MULTICAST_LOOP},
	"IP_TTL":              {unix.IPPROTO_IP, unix.IP_TTL},
	"IP_TOS":              {unix.IPPROTO_IP, unix.IP_TOS},
	"none":                {unix.SOL_SOCKET, 9999},
}

func optionOf(s *step) option {
	o, ok := options[s.arg(1)]
	if !ok {
		panic(misuse("what is " + s.arg(1)))
	}
	return o
}

// get tells the name of an errno that SO_ERROR holds.
func get(r *run, s *step) string {
	o := optionOf(s)
	v, e := r.kernel.Sockopt(r.fd(s.arg(0)), o.level, o.number)
	if e == 0 && s.arg(1) == "SO_ERROR" && v != 0 {
		return errnoName(unix.Errno(v))
	}
	return number(v, e)
}

func set(r *run, s *step) string {
	o := optionOf(s)
	return answer(r.kernel.SetSockopt(r.fd(s.arg(0)), o.level, o.number, s.int(2)))
}
