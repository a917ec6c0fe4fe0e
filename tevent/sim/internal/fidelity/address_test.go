//go:build linux

package fidelity

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// address is what an argument stands for:
//
//	l                 where the socket l was bound when its name was last asked for
//	127.0.0.1:0       an address of the internet, also [::1]:0
//	127.0.0.1:l       with the port of the socket l
//	127.0.0.1:free    with a port that nobody has, in neither family
//	@name, /name      unix: abstract, in the file system
//	""                unix: the kernel chooses an abstract name
//	@long:108         unix: so many bytes, the @ among them; also /long:108
//	none              no family
func (r *run) address(arg string) sys.Addr {
	switch {
	case arg == "none":
		return sys.Addr{}
	case arg == `""`, arg[0] == '@', arg[0] == '/':
		return sys.Addr{Family: unix.AF_UNIX, Path: r.path(arg)}
	case strings.Contains(arg, ":"):
		return r.inet(arg)
	}
	if a, ok := r.addrs[arg]; ok {
		return a
	}
	a, e := r.kernel.Sockname(r.fd(arg))
	must(e)
	return a
}

// path is the name of a unix socket, apart from those of other runs.
func (r *run) path(arg string) string {
	if arg == `""` {
		return ""
	}
	base := r.prefix
	if arg[0] == '/' {
		base = r.dir + "/"
	}
	return long(arg[1:], base)
}

// long is base and name, or as many bytes as a name like long:108 says.
func long(name, base string) string {
	var n int
	if _, err := fmt.Sscanf(name, "long:%d", &n); err == nil {
		return base + strings.Repeat("x", max(0, n-len(base)))
	}
	return base + name
}

func (r *run) inet(arg string) sys.Addr {
	i := strings.LastIndexByte(arg, ':')
	host, port := arg[:i], arg[i+1:]
	switch {
	case port == "free":
		port = fmt.Sprint(r.free)
	case port[0] < '0' || port[0] > '9':
		port = fmt.Sprint(r.address(port).Inet.Port())
	}
	a, err := netip.ParseAddrPort(host + ":" + port)
	if err != nil {
		panic(misuse(arg))
	}
	if a.Addr().Is4() {
		return sys.Addr{Family: unix.AF_INET, Inet: a}
	}
	return sys.Addr{Family: unix.AF_INET6, Inet: a}
}

// bound remembers what the socket called name is bound to.
func (r *run) bound(name string) {
	if a, e := r.kernel.Sockname(r.fd(name)); e == 0 {
		r.addrs[name] = a
	}
}

// auto is the form of the names that the kernel chooses.
var auto = regexp.MustCompile(`^@[0-9a-f]{5}$`)

// filler is what makes a name long.
var filler = regexp.MustCompile(`x{9,}`)

// where is an address with ports and chosen names called by the order in
// which they have come up.
func (r *run) where(a sys.Addr) string {
	switch a.Family {
	case 0:
		return "none"
	case unix.AF_INET, unix.AF_INET6:
		return strings.TrimSuffix(netip.AddrPortFrom(a.Inet.Addr(), 0).String(), "0") + r.port(a.Inet.Port())
	case unix.AF_UNIX:
		return r.unix(a.Path)
	}
	return fmt.Sprintf("family %d", a.Family)
}

func (r *run) port(n uint16) string {
	if n == 0 {
		return "0"
	}
	if r.ports[n] == "" {
		r.ports[n] = fmt.Sprintf("port%d", len(r.ports)+1)
	}
	return r.ports[n]
}

func (r *run) unix(path string) string {
	if rest, ok := strings.CutPrefix(path, r.prefix); ok {
		return "@" + filler.ReplaceAllString(rest, "x…")
	}
	if rest, ok := strings.CutPrefix(path, r.dir); ok {
		return filler.ReplaceAllString(rest, "x…")
	}
	if !auto.MatchString(path) {
		return fmt.Sprintf("%q", path)
	}
	if r.autos[path] == "" {
		r.autos[path] = fmt.Sprintf("auto%d", len(r.autos)+1)
	}
	return r.autos[path]
}
