package kernel

import (
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (w *world) unix(typ int) int {
	w.Helper()
	return w.fd(w.a.Socket(syscall.AF_UNIX, typ, 0))
}

// unixPair is a connection over the name, and its listener.
func (w *world) unixPair(name string) (l, c, s int) {
	w.Helper()
	l, c = w.unix(syscall.SOCK_STREAM), w.unix(syscall.SOCK_STREAM)
	w.ok(w.a.Bind(l, path(name)))
	w.ok(w.a.Listen(l, 1))
	w.ok(w.a.Connect(c, path(name)))
	s, _, e := w.a.Accept(l)
	w.ok(e)
	return l, c, s
}

func TestUnixNamesLeadToTheirListeners(t *testing.T) {
	for _, name := range []string{"@abstract", "/tmp/file"} {
		w := newWorld(t)
		_, c, s := w.unixPair(name)
		w.send(w.a, c, "hello")
		if got := w.recv(w.a, s); got != "hello" {
			t.Fatal(got)
		}
		peer, e := w.a.Peername(c)
		w.ok(e)
		if peer.Path != name {
			t.Fatal(peer)
		}
	}
}

func TestUnixNamesBelongToOneHost(t *testing.T) {
	w := newWorld(t)
	w.unixPair("@here")
	fd := w.fd(w.b.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0))
	w.want(w.b.Connect(fd, path("@here")), syscall.ECONNREFUSED)
}

func TestAUnixFileNameOutlivesItsSocket(t *testing.T) {
	w := newWorld(t)
	l, _, _ := w.unixPair("/s")
	w.ok(w.a.Close(l))
	again := w.unix(syscall.SOCK_STREAM)
	w.want(w.a.Bind(again, path("/s")), syscall.EADDRINUSE)
	w.want(w.a.Connect(again, path("/s")), syscall.ECONNREFUSED)
	w.ok(w.a.Unlink("/s"))
	w.want(w.a.Unlink("/s"), syscall.ENOENT)
	w.want(w.a.Connect(again, path("/s")), syscall.ENOENT)
	w.ok(w.a.Bind(again, path("/s")))
}

func TestAnAbstractNameGoesWithItsSocket(t *testing.T) {
	w := newWorld(t)
	l, _, _ := w.unixPair("@s")
	again := w.unix(syscall.SOCK_STREAM)
	w.want(w.a.Bind(again, path("@s")), syscall.EADDRINUSE)
	w.ok(w.a.Close(l))
	w.ok(w.a.Bind(again, path("@s")))
}

func TestUnixNamesHaveALimit(t *testing.T) {
	w := newWorld(t)
	fd := w.unix(syscall.SOCK_DGRAM)
	w.want(w.a.Bind(fd, path(strings.Repeat("x", 108))), syscall.ENAMETOOLONG)
	w.ok(w.a.Bind(fd, path("@"+strings.Repeat("x", 107))))
}

func TestTheKernelChoosesAnAbstractName(t *testing.T) {
	w := newWorld(t)
	fd := w.unix(syscall.SOCK_DGRAM)
	w.ok(w.a.Bind(fd, path("")))
	a, e := w.a.Sockname(fd)
	w.ok(e)
	if len(a.Path) != 6 || a.Path[0] != '@' {
		t.Fatal(a)
	}
}

func TestAFullUnixBacklogSaysSo(t *testing.T) {
	w := newWorld(t)
	l := w.unix(syscall.SOCK_STREAM)
	w.ok(w.a.Bind(l, path("@s")))
	w.ok(w.a.Listen(l, 1))
	for range 2 {
		w.ok(w.a.Connect(w.unix(syscall.SOCK_STREAM), path("@s")))
	}
	last := w.unix(syscall.SOCK_STREAM)
	w.want(w.a.Connect(last, path("@s")), syscall.EAGAIN)
	_, _, e := w.a.Accept(l)
	w.ok(e)
	w.ok(w.a.Connect(last, path("@s")))
}

func TestClosingAUnixSocketTellsThePeer(t *testing.T) {
	w := newWorld(t)
	s := w.local()
	w.send(w.a, s[0], "last words")
	w.ok(w.a.Close(s[0]))
	w.isReady(w.a, s[1], sys.In|sys.Out|sys.PeerClose|sys.Hangup)
	if got := w.recv(w.a, s[1]) + "|" + w.recv(w.a, s[1]); got != "last words|" {
		t.Fatal(got)
	}
	_, e := w.a.Sendmsg(s[1], msg([]byte("x")))
	w.want(e, syscall.EPIPE)
}

func TestUnreadUnixBytesResetThePeer(t *testing.T) {
	w := newWorld(t)
	s := w.local()
	w.send(w.a, s[1], "unread")
	w.ok(w.a.Close(s[0]))
	w.recvFails(w.a, s[1], syscall.ECONNRESET)
	if got := w.recv(w.a, s[1]); got != "" {
		t.Fatal(got)
	}
}

func TestAUnixPeerIsKnown(t *testing.T) {
	w := newWorld(t)
	client := w.a.Host().Proc("client", alone{w.n})
	l := w.unix(syscall.SOCK_STREAM)
	w.ok(w.a.Bind(l, path("@s")))
	w.ok(w.a.Listen(l, 1))
	c := w.fd(client.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0))
	w.ok(client.Connect(c, path("@s")))
	s, _, e := w.a.Accept(l)
	w.ok(e)
	of, e := w.a.Peercred(s)
	w.ok(e)
	to, e := client.Peercred(c)
	w.ok(e)
	if of != client.Cred || to != w.a.Cred || of == to {
		t.Fatal(of, to)
	}
}

func TestUnixPacketsKeepTheirBounds(t *testing.T) {
	for _, typ := range []int{syscall.SOCK_DGRAM, syscall.SOCK_SEQPACKET} {
		w := newWorld(t)
		s, e := w.a.Socketpair(syscall.AF_UNIX, typ, 0)
		w.ok(e)
		w.send(w.a, s[0], "first")
		w.send(w.a, s[0], "second")
		p := sys.Packet{Msg: sys.Msg{Bufs: [][]byte{make([]byte, 3)}}}
		n, e := w.a.RecvPacket(s[1], &p)
		w.ok(e)
		if n != 3 || p.Cut != sys.CutBytes || w.recv(w.a, s[1]) != "second" {
			t.Fatal(n, p.Cut)
		}
	}
}

func TestUnixDatagramsWaitForRoom(t *testing.T) {
	w := newWorld(t)
	to, from := w.unix(syscall.SOCK_DGRAM), w.unix(syscall.SOCK_DGRAM)
	w.ok(w.a.Bind(to, path("@to")))
	w.ok(w.a.Connect(from, path("@to")))
	for range w.a.Host().Limits.Grams + 1 {
		w.send(w.a, from, "x")
	}
	_, e := w.a.Sendmsg(from, msg([]byte("x")))
	w.want(e, syscall.EAGAIN)
	q := w.a.Poller()
	w.ok(q.Add(from, 7, sys.Edge))
	w.ok(q.Want(from, 7, sys.Out))
	w.events(q)
	w.recv(w.a, to)
	w.events(q, sys.Event{Token: 7, Ready: sys.Out})
}

func TestASenderThatWaitsHearsOfRoomThatAnotherMade(t *testing.T) {
	w := newWorld(t)
	to, first, second := w.unix(syscall.SOCK_DGRAM), w.unix(syscall.SOCK_DGRAM), w.unix(syscall.SOCK_DGRAM)
	w.ok(w.a.Bind(to, path("@to")))
	w.ok(w.a.Connect(first, path("@to")))
	w.ok(w.a.Connect(second, path("@to")))
	for range w.a.Host().Limits.Grams + 1 {
		w.send(w.a, first, "x")
	}
	q := w.a.Poller()
	w.ok(q.Add(second, 7, sys.Edge))
	w.ok(q.Want(second, 7, sys.Out))
	w.events(q)
	w.recv(w.a, to)
	w.events(q, sys.Event{Token: 7, Ready: sys.Out})
}
