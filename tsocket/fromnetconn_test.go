//go:build linux

package tsocket_test

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// netPipe is two connected connections of package net.
func netPipe(t testing.TB, network, addr string) (a, b net.Conn) {
	t.Helper()
	l, err := net.Listen(network, addr)
	must(t, err)
	defer l.Close()
	a, err = net.Dial(network, l.Addr().String())
	must(t, err)
	b, err = l.Accept()
	must(t, err)
	t.Cleanup(func() { _ = a.Close(); _ = b.Close() })
	return a, b
}

func TestFromNetConnIsAnotherDescriptorOfTheSameConnection(t *testing.T) {
	teventtest.Process(t)
	for network, addr := range map[string]string{"tcp": "127.0.0.1:0", "unix": filepath.Join(t.TempDir(), "s")} {
		for _, asFile := range []bool{false, true} {
			ev := teventtest.New(t)
			a, b := netPipe(t, network, addr)
			var c any = a
			if asFile {
				f, err := a.(interface{ File() (*os.File, error) }).File()
				must(t, err)
				defer f.Close()
				c = f
			}
			s, err := tsocket.FromNetConn(ev, c)
			must(t, err)
			closing(t, s)
			if s.RemoteAddr().String() == "" {
				t.Error("no address")
			}
			write(t, ev, s, "ours")
			_, err = a.Write([]byte("net's"))
			must(t, err)
			got := make([]byte, 9)
			_, err = io.ReadFull(b, got)
			must(t, err)
			if string(got) != "oursnet's" {
				t.Errorf("%q", got)
			}
			must(t, a.Close())
			_, err = b.Write([]byte("still"))
			must(t, err)
			read(t, ev, s, "still")
			s.Close()
		}
	}
}

func TestFromNetConnRefusesWhatIsNoConnectedStream(t *testing.T) {
	ev := teventtest.New(t)
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	file, err := os.Open(os.DevNull)
	must(t, err)
	defer file.Close()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	defer packets.Close()
	gone, _ := netPipe(t, "tcp", "127.0.0.1:0")
	must(t, gone.Close())
	for _, c := range []struct {
		of   any
		want error
	}{
		{a, syscall.EOPNOTSUPP},
		{tls.Client(a, nil), syscall.EOPNOTSUPP},
		{nil, syscall.EOPNOTSUPP},
		{file, syscall.ENOTSOCK},
		{packets, syscall.EPROTOTYPE},
		{gone, net.ErrClosed},
	} {
		s, err := tsocket.FromNetConn(ev, c.of)
		if s != nil {
			t.Errorf("%T: adopted", c.of)
		}
		opError(t, err, "from net", c.want)
	}
}

func TestFromNetListenerSharesTheConnections(t *testing.T) {
	teventtest.Process(t)
	path := filepath.Join(t.TempDir(), "s")
	for network, addr := range map[string]string{"tcp": "127.0.0.1:0", "unix": path} {
		ev := teventtest.New(t)
		l, err := net.Listen(network, addr)
		must(t, err)
		defer l.Close()
		ours, err := tsocket.FromNetListener(ev, l)
		must(t, err)
		defer ours.Close()
		far := dialNet(t, l)
		s := done(t, ev, ours.Accept())
		closing(t, s)
		_, err = far.Write([]byte("x"))
		must(t, err)
		read(t, ev, s, "x")
		must(t, ours.Close())
		other := dialNet(t, l) // the original goes on, and has its name
		c, err := l.Accept()
		must(t, err)
		must(t, c.Close())
		must(t, other.Close())
	}
	a, _ := netPipe(t, "tcp", "127.0.0.1:0")
	_, err := tsocket.FromNetListener(teventtest.New(t), a)
	opError(t, err, "from net", syscall.EINVAL)
}

func TestFromNetPacketConnReceivesWhatTheOriginalWould(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	defer c.Close()
	d, err := tsocket.FromNetPacketConn(ev, c)
	must(t, err)
	defer d.Close()
	_, err = c.WriteTo([]byte("to myself"), c.LocalAddr())
	must(t, err)
	g := done(t, ev, d.Recvfrom(make([]byte, 20)))
	if g.N != 9 || g.From.String() != c.LocalAddr().String() {
		t.Error(g)
	}
	a, _ := netPipe(t, "tcp", "127.0.0.1:0")
	_, err = tsocket.FromNetPacketConn(ev, a)
	opError(t, err, "from net", syscall.EPROTOTYPE)
}
