//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func addresses(t *testing.T, on System) {
	tests{
		{"UnixAddressRoundTrip", on.UnixAddressRoundTrip},
		{"AddressesThatCannotBe", on.AddressesThatCannotBe},
	}.run(t)
	if on.AbstractNames {
		t.Run("UnnamedBindPicksAnAbstractName", on.UnnamedBindPicksAnAbstractName)
	}
}

func (on System) UnixAddressRoundTrip(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, path := range []string{
		filepath.Join(dir, "s"),
		"relative",
		"./@file",
		strings.Repeat("x", unixPath-1),
	} {
		on.roundTrip(t, path)
	}
	for _, name := range on.abstractNames(dir) {
		on.roundTrip(t, name)
	}
}

// abstractNames are the names that the system has and reports whole.
func (on System) abstractNames(dir string) (names []string) {
	if on.AbstractNames {
		names = append(names, "@tsocket-test-"+filepath.Base(filepath.Dir(dir)), "@"+strings.Repeat("y", unixPath-2))
	}
	if on.WholeNames {
		names = append(names, "@tsocket\x00\x00", "@"+strings.Repeat("y", unixPath-1))
	}
	return names
}

func (on System) roundTrip(t *testing.T, path string) {
	t.Helper()
	k := on.Kernel()
	{
		a := sys.Addr{Family: unix.AF_UNIX, Path: path}
		l, c := unixSocket(t, k), unixSocket(t, k)
		must(t, k.Bind(l, &a))
		must(t, k.Listen(l, 1))
		must(t, k.Connect(c, &a))
		got, e := k.Peername(c)
		must(t, e)
		if got != a {
			t.Errorf("%q came back as %q", a.Path, got.Path)
		}
		s, peer, e := k.Accept(l)
		must(t, e)
		must(t, k.Close(s))
		if (peer != sys.Addr{Family: unix.AF_UNIX}) {
			t.Errorf("unnamed peer is %v", peer)
		}
	}
}

func (on System) UnnamedBindPicksAnAbstractName(t *testing.T) {
	k := on.Kernel()
	fd := unixSocket(t, k)
	a, e := k.Sockname(fd)
	must(t, e)
	if (a != sys.Addr{Family: unix.AF_UNIX}) {
		t.Fatal(a)
	}
	must(t, k.Bind(fd, &a))
	a, e = k.Sockname(fd)
	must(t, e)
	if !strings.HasPrefix(a.Path, "@") || len(a.Path) != 6 {
		t.Fatal(a)
	}
}

func (on System) AddressesThatCannotBe(t *testing.T) {
	k := on.Kernel()
	fd := unixSocket(t, k)
	for _, c := range []struct {
		a    sys.Addr
		want sys.Errno
	}{
		{sys.Addr{}, unix.EAFNOSUPPORT},
		{sys.Addr{Family: otherFamily}, unix.EAFNOSUPPORT},
		{inet(unix.AF_INET, "[2001:db8::1]:1"), unix.EAFNOSUPPORT},
		{sys.Addr{Family: unix.AF_INET}, unix.EINVAL},
		{sys.Addr{Family: unix.AF_INET6}, unix.EINVAL},
		{inet(unix.AF_INET6, "[fe80::1%no-such]:1"), unix.ENODEV},
		{inet(unix.AF_INET6, "[fe80::1%longer-than-a-name-can-be]:1"), unix.ENODEV},
		{sys.Addr{Family: unix.AF_UNIX, Path: strings.Repeat("x", unixPath)}, unix.ENAMETOOLONG},
		{sys.Addr{Family: unix.AF_UNIX, Path: "@" + strings.Repeat("x", unixPath)}, unix.ENAMETOOLONG},
		{sys.Addr{Family: unix.AF_UNIX, Path: "a\x00b"}, unix.EINVAL},
	} {
		wantErrno(t, k.Bind(fd, &c.a), c.want)
		wantErrno(t, k.Connect(fd, &c.a), c.want)
	}
}
