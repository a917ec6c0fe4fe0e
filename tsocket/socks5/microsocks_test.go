//go:build daemons

package socks5_test

import (
	"errors"
	"net"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/socks5"
)

// startMicrosocks runs the proxy of Debian's package until the end of the test.
func startMicrosocks(t *testing.T, ev *tevent.Context, args ...string) tsocket.Address {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := address(t, l.Addr().String())
	l.Close()
	cmd := exec.Command("microsocks", append([]string{"-i", "127.0.0.1", "-p", strconv.Itoa(int(addr.AddrPort().Port()))}, args...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for range 1000 {
		if s, err := tevent.Wait(ev, tsocket.Connect(ev, addr)); err == nil {
			s.Close()
			return addr
		}
		done(t, ev, tevent.Sleep(ev, 10*time.Millisecond))
	}
	t.Fatal("microsocks does not start")
	return tsocket.Address{}
}

func TestMicrosocksConnects(t *testing.T) {
	ev := teventtest.New(t)
	proxy := startMicrosocks(t, ev)
	for _, host := range []string{"127.0.0.1", "::1", "localhost"} {
		on := host
		if host == "localhost" {
			on = "127.0.0.1"
		}
		l := listen(t, ev, net.JoinHostPort(on, "0"))
		accept := l.Accept()
		to := net.JoinHostPort(host, strconv.Itoa(int(l.Addr().AddrPort().Port())))
		s := done(t, ev, socks5.Dial(ev, proxy, "tcp", to))
		b := done(t, ev, accept)
		s.Send([]byte("through microsocks")).Ignore()
		got := make([]byte, 18)
		done(t, ev, b.Readv(got))
		b.Send(got).Ignore()
		back := make([]byte, 18)
		done(t, ev, s.Readv(back))
		if string(back) != "through microsocks" {
			t.Errorf("%s: %q", host, back)
		}
		done(t, ev, s.Disconnect())
		if _, err := tevent.Wait(ev, b.Peek(1).SetTimeout(patience)); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("%s: the other end sees %v", host, err)
		}
		b.Close()
		l.Close()
	}
}

func TestMicrosocksRefuses(t *testing.T) {
	ev := teventtest.New(t)
	proxy := startMicrosocks(t, ev)
	l := listen(t, ev, "127.0.0.1:0")
	gone := l.Addr().String()
	l.Close()
	_, err := tevent.Wait(ev, socks5.Dial(ev, proxy, "tcp", gone).SetTimeout(patience))
	if !errors.Is(err, socks5.ConnectionRefused) || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Error(err)
	}
	strict := startMicrosocks(t, ev, "-u", "somebody", "-P", "secret")
	_, err = tevent.Wait(ev, socks5.Dial(ev, strict, "tcp", gone).SetTimeout(patience))
	if !errors.Is(err, socks5.ErrAuth) {
		t.Error(err)
	}
}
