//go:build linux

package tsocket_test

import (
	"net"
	"net/netip"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// socket is one that ends with the body.
func socket(b *bt.Backend, typ tsocket.SocketType, local string) *tsocket.Socket {
	b.Helper()
	s, err := tsocket.NewSocket(b.Ev, typ, address(b, local))
	must(b, err)
	b.Cleanup(func() { s.Close() })
	return s
}

func TestASocketKeepsItsOptionsWhenItConnects(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "127.0.0.1:0")
		s := socket(b, tsocket.SocketStream, "127.0.0.1:0")
		must(b, s.Options().SetNoDelay(false))
		must(b, s.Options().SetKeepCount(3))
		c := done(b, b.Ev, s.Connect(b.Ev, l.Addr()))
		defer c.Close()
		on, err := c.Options().NoDelay()
		must(b, err)
		n, err := c.Options().KeepCount()
		must(b, err)
		if on || n != 3 {
			b.Error(on, n)
		}
		p := done(b, b.Ev, l.Accept())
		defer p.Close()
		write(b, b.Ev, c, "hello")
		read(b, b.Ev, p, "hello")
		if p.RemoteAddr() != c.LocalAddr() {
			b.Error(p.RemoteAddr(), c.LocalAddr())
		}
		_, err = s.Options().NoDelay()
		is(b, err, syscall.EBADF) // it is the stream's now
		must(b, s.Close())
		write(b, b.Ev, c, "still there")
		read(b, b.Ev, p, "still there")
	})
}

// It has its address from the beginning on.
func TestASocketIsBoundWhenItIsMade(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "127.0.0.1:0")
		_, err := tsocket.NewSocket(b.Ev, tsocket.SocketStream, l.Addr())
		is(b, err, syscall.EADDRINUSE)
		s := socket(b, tsocket.SocketDgram, "127.0.0.1:0")
		if s.LocalAddr().AddrPort().Port() == 0 {
			b.Error(s.LocalAddr())
		}
		name := "unix:" + b.TempDir() + "/s"
		u := socket(b, tsocket.SocketStream, name)
		_, err = tsocket.NewSocket(b.Ev, tsocket.SocketStream, address(b, name))
		is(b, err, syscall.EADDRINUSE)
		must(b, u.Close())
		socket(b, tsocket.SocketStream, name) // its name is gone
	})
}

func TestASocketBecomesAListener(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::]:0", "unix:"} {
		t.Run(addr, func(t *testing.T) {
			bt.Each(t, func(b *bt.Backend) {
				addr := addr
				if addr == "unix:" {
					addr += b.TempDir() + "/s"
				}
				s := socket(b, tsocket.SocketStream, addr)
				l, err := s.Listen(b.Ev, 3)
				must(b, err)
				r := l.Accept()
				c := done(b, b.Ev, tsocket.Connect(b.Ev, l.Addr()))
				p := done(b, b.Ev, r)
				write(b, b.Ev, p, "hello")
				read(b, b.Ev, c, "hello")
				c.Close()
				p.Close()
				must(b, l.Close())
				socket(b, tsocket.SocketStream, addr) // its name is gone
			})
		})
	}
}

func TestASocketBecomesADgram(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s := socket(b, tsocket.SocketDgram, "127.0.0.1:0")
		must(b, s.Options().SetMulticastLoop(false))
		must(b, s.Options().SetMulticastTTL(7))
		d, err := s.Dgram(b.Ev, tsocket.Address{})
		must(b, err)
		defer d.Close()
		loop, err := d.Options().MulticastLoop()
		must(b, err)
		ttl, err := d.Options().MulticastTTL()
		must(b, err)
		if loop || ttl != 7 {
			b.Error(loop, ttl)
		}
		e, err := socket(b, tsocket.SocketDgram, "[::]:0").Dgram(b.Ev, d.LocalAddr())
		must(b, err)
		defer e.Close()
		done(b, b.Ev, e.Sendto([]byte("hello"), tsocket.Address{}))
		p := make([]byte, 9)
		if g := done(b, b.Ev, d.Recvfrom(p)); string(p[:g.N]) != "hello" || g.From.AddrPort().Port() != e.LocalAddr().AddrPort().Port() {
			b.Error(g, e.LocalAddr())
		}
		must(b, d.Close())
		_, err = d.Options().Broadcast()
		is(b, err, net.ErrClosed)
	})
}

func TestASocketIsOfItsTypeOnly(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		d, s := socket(b, tsocket.SocketDgram, "127.0.0.1:0"), socket(b, tsocket.SocketStream, "127.0.0.1:0")
		fails(b, b.Ev, d.Connect(b.Ev, address(b, "127.0.0.1:1")), syscall.EPROTOTYPE)
		_, err := d.Listen(b.Ev, 0)
		is(b, err, syscall.EPROTOTYPE)
		_, err = s.Dgram(b.Ev, tsocket.Address{})
		is(b, err, syscall.EPROTOTYPE)
		_, err = d.Stream(b.Ev)
		is(b, err, syscall.EPROTOTYPE)
		fails(b, b.Ev, s.Connect(b.Ev, address(b, "[::1]:1")), syscall.EINVAL)
		fails(b, b.Ev, s.Connect(b.Ev, tsocket.Address{}), syscall.EINVAL)
		must(b, s.Status()) // it is still one
		must(b, s.Close())
		is(b, s.Status(), net.ErrClosed)
		fails(b, b.Ev, s.Connect(b.Ev, address(b, "127.0.0.1:1")), net.ErrClosed)
		_, err = tsocket.NewSocket(b.Ev, tsocket.SocketMessage, address(b, "127.0.0.1:0"))
		is(b, err, syscall.EPROTONOSUPPORT)
		_, err = tsocket.NewSocket(b.Ev, 0, address(b, "127.0.0.1:0"))
		is(b, err, syscall.EINVAL)
		_, err = tsocket.NewSocket(b.Ev, tsocket.SocketStream, tsocket.Address{})
		is(b, err, syscall.EINVAL)
		m := socket(b, tsocket.SocketMessage, "unix:"+b.TempDir()+"/m")
		if m.Type() != tsocket.SocketMessage || m.Type().String() != "message" {
			b.Error(m.Type())
		}
	})
}

// The socket's error is what became of a connect that somebody else began.
func TestStatusTakesTheSocketsError(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "127.0.0.1:0")
		addr := l.Addr()
		k := b.Ev.Driver().Kernel
		fd, errno := k.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		if errno == 0 { // while the listener has its port: or it might connect to itself
			errno = k.Bind(fd, &sys.Addr{Family: syscall.AF_INET, Inet: netip.MustParseAddrPort("127.0.0.1:0")})
		}
		if errno != 0 {
			b.Fatal(errno)
		}
		must(b, l.Close())
		k.Connect(fd, &sys.Addr{Family: syscall.AF_INET, Inet: addr.AddrPort()})
		s, err := tsocket.SocketFromFD(b.Ev, fd, true)
		must(b, err)
		b.Cleanup(func() { s.Close() })
		until(b, "an error", func() bool { err = s.Status(); return err != nil })
		is(b, err, syscall.ECONNREFUSED)
		must(b, s.Status())
	})
}

// With owned the descriptor is closed with what it has become; without, it stays.
func TestASocketOfADescriptorIsClosedOrNot(t *testing.T) {
	for _, owned := range []bool{true, false} {
		bt.Each(t, func(b *bt.Backend) {
			k := b.Ev.Driver().Kernel
			fds, errno := k.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
			if errno != 0 {
				b.Fatal(errno)
			}
			s, err := tsocket.SocketFromFD(b.Ev, fds[0], owned)
			must(b, err)
			x, err := s.Stream(b.Ev)
			must(b, err)
			y, err := tsocket.FromFD(b.Ev, fds[1])
			must(b, err)
			write(b, b.Ev, x, "hello")
			read(b, b.Ev, y, "hello")
			done(b, b.Ev, x.Disconnect())
			if owned {
				fails(b, b.Ev, y.Readv(make([]byte, 1)), syscall.EPIPE)
			} else {
				must(b, write1(k, fds[0]))
				read(b, b.Ev, y, "!")
				k.Close(fds[0])
			}
			y.Close()
		})
	}
}

// write1 sends a byte beside the library.
func write1(k sys.Kernel, fd int) error {
	if _, errno := k.Sendmsg(fd, &sys.Msg{Bufs: [][]byte{[]byte("!")}}); errno != 0 {
		return errno
	}
	return nil
}

func TestASocketOfADescriptorKnowsWhatItIs(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		k := b.Ev.Driver().Kernel
		for typ, want := range []tsocket.SocketType{
			syscall.SOCK_STREAM: tsocket.SocketStream, syscall.SOCK_DGRAM: tsocket.SocketDgram, syscall.SOCK_SEQPACKET: tsocket.SocketMessage,
		} {
			if want == 0 {
				continue
			}
			fds, errno := k.Socketpair(syscall.AF_UNIX, typ, 0)
			if errno != 0 {
				b.Fatal(errno)
			}
			for _, fd := range fds {
				s, err := tsocket.SocketFromFD(b.Ev, fd, true)
				must(b, err)
				if s.Type() != want || s.LocalAddr() != tsocket.UnnamedUnix() || s.RemoteAddr() != tsocket.UnnamedUnix() {
					b.Error(s.Type(), s.LocalAddr(), s.RemoteAddr())
				}
				must(b, s.Close())
			}
		}
		_, err := tsocket.SocketFromFD(b.Ev, 9999, false)
		is(b, err, syscall.EBADF)
	})
}
