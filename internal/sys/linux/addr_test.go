//go:build linux

package linux

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func inet(family int, s string) sys.Addr {
	return sys.Addr{Family: family, Inet: netip.MustParseAddrPort(s)}
}

func unixSocket(t *testing.T, k *Kernel) int {
	t.Helper()
	fd, e := k.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, e)
	t.Cleanup(func() { k.Close(fd) })
	return fd
}

// The far side of encode is decode here; the real kernel is it in
// TestConnectAcceptAndNames and TestUnixAddressRoundTrip.
func TestInetAddressRoundTrip(t *testing.T) {
	k := NewKernel()
	fd := unixSocket(t, k) // any socket knows the interfaces
	for _, a := range []sys.Addr{
		inet(unix.AF_INET, "192.0.2.1:80"),
		inet(unix.AF_INET, "0.0.0.0:65535"),
		inet(unix.AF_INET6, "[2001:db8::1]:443"),
		inet(unix.AF_INET6, "[::ffff:192.0.2.1]:1"),
		inet(unix.AF_INET6, "[fe80::1%lo]:258"),
		inet(unix.AF_INET6, "[fe80::1%4000000]:258"),
	} {
		must(t, k.name.encode(fd, &a))
		if got := k.name.decode(fd); got != a {
			t.Errorf("%v came back as %v", a, got)
		}
	}
}

func TestZoneMayBeAnIndex(t *testing.T) {
	k := NewKernel()
	fd := unixSocket(t, k)
	a := inet(unix.AF_INET6, "[fe80::1%1]:1")
	must(t, k.name.encode(fd, &a))
	if got, want := k.name.decode(fd), inet(unix.AF_INET6, "[fe80::1%lo]:1"); got != want {
		t.Fatalf("%v, want %v", got, want)
	}
}

func TestMappedAddressOnAnInet4Socket(t *testing.T) {
	k := NewKernel()
	a := inet(unix.AF_INET, "[::ffff:192.0.2.1]:1")
	must(t, k.name.encode(-1, &a))
	if got, want := k.name.decode(-1), inet(unix.AF_INET, "192.0.2.1:1"); got != want {
		t.Fatalf("%v, want %v", got, want)
	}
}

func TestAFileWithALeadingAtIsNotAbstract(t *testing.T) {
	t.Chdir(t.TempDir())
	k := NewKernel()
	fd := unixSocket(t, k)
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: "./@x"}); err != nil {
		t.Fatal(err)
	}
	// The kernel reports the name as it was bound; strip the "./" as a peer
	// in another language might not have used it.
	k.name.reset()
	copy(k.name.bytes()[familyLen:], "@x\x00")
	k.name.raw.Addr.Family, k.name.len = unix.AF_UNIX, familyLen+3
	a := k.name.decode(fd)
	if a.Path != "./@x" {
		t.Fatal(a.Path)
	}
	must(t, k.Unlink(a.Path))
}

func TestInet4OnAnInet6SocketIsMapped(t *testing.T) {
	k := NewKernel()
	a := inet(unix.AF_INET6, "192.0.2.1:7")
	must(t, k.name.encode(-1, &a))
	if got, want := k.name.decode(-1), inet(unix.AF_INET6, "[::ffff:192.0.2.1]:7"); got != want {
		t.Fatalf("%v, want %v", got, want)
	}
}

func TestUnknownFamilyKeepsItsNumber(t *testing.T) {
	k := NewKernel()
	k.name.raw.Addr.Family, k.name.len = unix.AF_NETLINK, unix.SizeofSockaddrNetlink
	if a := k.name.decode(-1); (a != sys.Addr{Family: unix.AF_NETLINK}) {
		t.Fatal(a)
	}
	k.name.len = 0
	if a := k.name.decode(-1); (a != sys.Addr{}) {
		t.Fatal(a)
	}
}
