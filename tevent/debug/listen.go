package debug

import "net"

// Listen listens for http.Serve. Without a host, as in ":6060", that is the
// loopback interface alone, for the page tells all it knows to everybody who can
// reach it; another interface is taken when addr names it, as 0.0.0.0 does.
func Listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.Listen("tcp", net.JoinHostPort(host, port))
}
