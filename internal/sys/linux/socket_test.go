//go:build linux

package linux

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// listener returns a socket that the caller closes, and its address.
func listener(t testing.TB, k *Kernel, at string) (int, sys.Addr) {
	t.Helper()
	a := sys.Addr{Family: unix.AF_INET, Inet: netip.MustParseAddrPort(at)}
	if a.Inet.Addr().Is6() {
		a.Family = unix.AF_INET6
	}
	fd, e := k.Socket(a.Family, unix.SOCK_STREAM, 0)
	must(t, e)
	must(t, k.Bind(fd, &a))
	must(t, k.Listen(fd, 8))
	a, e = k.Sockname(fd)
	must(t, e)
	return fd, a
}

func TestAcceptAllocatesNothing(t *testing.T) {
	k := NewKernel()
	for _, at := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, to := listener(t, k, at)
		defer k.Close(l)
		n := testing.AllocsPerRun(20, func() {
			c, _ := k.Socket(to.Family, unix.SOCK_STREAM, 0)
			k.Connect(c, &to)
			s, _, _ := k.Accept(l)
			k.Close(s)
			k.Close(c)
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", at, n)
		}
	}
}
