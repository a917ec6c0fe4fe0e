package socks5

// Of the wire. Source: RFC 1928, sections 3 to 6.
const (
	version    = 5
	methodNone = 0x00 // no authentication
	methodGSS  = 0x01
	methodUser = 0x02 // user name and password
	methodFail = 0xff // none of those that were offered
	cmdConnect = 1
	atypIPv4   = 1
	atypName   = 3
	atypIPv6   = 4
)

// longestAnswer is that with a bound name of 255 bytes.
const longestAnswer = 4 + 1 + maxName + 2

// chosen checks the answer to the greeting: version and method.
func chosen(b []byte) error {
	switch {
	case b[0] != version:
		return ProtocolError{"version", b[0]}
	case b[1] == methodNone:
		return nil
	case b[1] == methodFail, b[1] == methodUser, b[1] == methodGSS:
		return ErrAuth
	}
	return ProtocolError{"method", b[1]}
}

// missing is how many bytes the reply that begins with b is still known to have,
// 0 when it is complete. A refusal is told as soon as it is there: some proxies
// send no more.
func missing(b []byte) (int, error) {
	if len(b) < 2 {
		return 2 - len(b), nil
	}
	switch {
	case b[0] != version:
		return 0, ProtocolError{"version", b[0]}
	case b[1] != 0:
		return 0, ReplyError(b[1])
	case len(b) < 5: // up to the first byte of the bound address, which each has
		return 5 - len(b), nil
	case b[2] != 0:
		return 0, ProtocolError{"reserved byte", b[2]}
	}
	n := 4 + 2 // without the address
	switch b[3] {
	case atypIPv4:
		n += 4
	case atypIPv6:
		n += 16
	case atypName:
		n += 1 + int(b[4])
	default:
		return 0, ProtocolError{"kind of address", b[3]}
	}
	return n - len(b), nil
}
