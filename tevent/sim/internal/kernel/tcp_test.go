package kernel

import (
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestConnectionCarriesBytesBothWays(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	w.send(w.a, c, "hello")
	w.send(w.b, s, "world")
	w.settle(soon)
	if got := w.recv(w.b, s) + w.recv(w.a, c); got != "helloworld" {
		t.Fatal(got)
	}
	w.recvFails(w.a, c, syscall.EAGAIN)
}

func TestNamesOfBothEndsAgree(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	local, e := w.a.Sockname(c)
	w.ok(e)
	remote, e := w.b.Peername(s)
	w.ok(e)
	if local != remote || local.Inet.Addr() != ip("10.0.0.1") || local.Inet.Port() == 0 {
		t.Fatal(local, remote)
	}
}

func TestAnUnconnectedSocketAnswersAsOnLinux(t *testing.T) {
	w := newWorld(t)
	fd := w.fd(w.a.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))
	w.isReady(w.a, fd, sys.Out|sys.Hangup)
	w.recvFails(w.a, fd, syscall.ENOTCONN)
	_, e := w.a.Sendmsg(fd, msg([]byte("x")))
	w.want(e, syscall.EPIPE)
	_, e = w.a.Peername(fd)
	w.want(e, syscall.ENOTCONN)
	_, _, e = w.a.Accept(fd)
	w.want(e, syscall.EINVAL)
	w.want(w.a.Shutdown(fd, syscall.SHUT_WR), syscall.ENOTCONN)
}

func TestNobodyListeningRefuses(t *testing.T) {
	w := newWorld(t)
	c := w.dial(w.a, "10.0.0.2:80")
	w.want(w.a.Connect(c, inet("10.0.0.2:80")), syscall.EALREADY)
	w.settle(soon)
	w.isReady(w.a, c, sys.In|sys.Out|sys.PeerClose|sys.Hangup|sys.Error)
	w.soError(w.a, c, syscall.ECONNREFUSED)
	w.soError(w.a, c, 0)
	w.want(w.a.Connect(c, inet("10.0.0.2:80")), syscall.ECONNABORTED)
	w.want(w.a.Connect(c, inet("10.0.0.2:80")), syscall.EINPROGRESS)
}

func TestAPartitionedConnectTimesOut(t *testing.T) {
	w := newWorld(t)
	w.listen(w.b, "10.0.0.2:80", 8)
	w.n.Partition(w.a.Host(), w.b.Host())
	c := w.dial(w.a, "10.0.0.2:80")
	w.settle(120 * second)
	w.isReady(w.a, c, 0)
	w.settle(10 * second)
	w.soError(w.a, c, syscall.ETIMEDOUT)
}

func TestAnAddressThatNobodyHasIsUnreachable(t *testing.T) {
	w := newWorld(t)
	c := w.dial(w.a, "10.9.9.9:80")
	w.settle(4 * second)
	w.soError(w.a, c, syscall.EHOSTUNREACH)
	lonely := w.n.Host(ip("10.0.0.3")).Proc("c", nil)
	fd := w.fd(lonely.Socket(syscall.AF_INET6, syscall.SOCK_STREAM, 0))
	w.want(lonely.Connect(fd, inet("[fd00::2]:80")), syscall.ENETUNREACH)
}

func TestAConnectThatSucceededAnswersOnceMore(t *testing.T) {
	w := newWorld(t)
	w.listen(w.b, "10.0.0.2:80", 8)
	c := w.dial(w.a, "10.0.0.2:80")
	w.settle(soon)
	w.want(w.a.Connect(c, inet("10.0.0.2:80")), 0)
	w.want(w.a.Connect(c, inet("10.0.0.2:80")), syscall.EISCONN)
}

func TestAFullBacklogDelaysAConnection(t *testing.T) {
	w := newWorld(t)
	l := w.listen(w.b, "10.0.0.2:80", 0)
	first := w.dial(w.a, "10.0.0.2:80")
	w.settle(soon)
	second1 := w.dial(w.a, "10.0.0.2:80")
	w.settle(soon)
	w.isReady(w.a, first, sys.Out)
	w.isReady(w.a, second1, 0)
	_, _, e := w.b.Accept(l)
	w.ok(e)
	w.settle(2 * second)
	w.isReady(w.a, second1, sys.Out)
}

func TestHalfCloseLeavesTheOtherDirection(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	w.send(w.a, c, "bye")
	w.ok(w.a.Shutdown(c, syscall.SHUT_WR))
	w.settle(soon)
	w.isReady(w.b, s, sys.In|sys.Out|sys.PeerClose)
	if got := w.recv(w.b, s) + "|" + w.recv(w.b, s); got != "bye|" {
		t.Fatal(got)
	}
	w.send(w.b, s, "still")
	w.settle(soon)
	if got := w.recv(w.a, c); got != "still" {
		t.Fatal(got)
	}
	_, e := w.a.Sendmsg(c, msg([]byte("x")))
	w.want(e, syscall.EPIPE)
	w.ok(w.b.Shutdown(s, syscall.SHUT_WR))
	w.settle(soon)
	w.isReady(w.a, c, sys.In|sys.Out|sys.PeerClose|sys.Hangup)
	w.isReady(w.b, s, sys.In|sys.Out|sys.PeerClose|sys.Hangup)
	_, e = w.a.Peername(c)
	w.want(e, syscall.ENOTCONN)
}

func TestCloseWithUnreadBytesResets(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	w.send(w.a, c, "unread")
	w.send(w.b, s, "before")
	w.settle(soon)
	w.ok(w.b.Close(s))
	w.settle(soon)
	w.isReady(w.a, c, sys.In|sys.Out|sys.PeerClose|sys.Hangup|sys.Error)
	if got := w.recv(w.a, c); got != "before" {
		t.Fatal(got)
	}
	w.recvFails(w.a, c, syscall.ECONNRESET)
	if got := w.recv(w.a, c); got != "" {
		t.Fatal(got)
	}
}

func TestDataToAClosedSocketIsAnsweredByAReset(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	w.ok(w.b.Close(s))
	w.settle(soon)
	w.isReady(w.a, c, sys.In|sys.Out|sys.PeerClose)
	w.send(w.a, c, "anybody?")
	w.settle(soon)
	if got := w.recv(w.a, c); got != "" { // the end came before the reset
		t.Fatal(got)
	}
	w.isReady(w.a, c, sys.In|sys.Out|sys.PeerClose|sys.Hangup|sys.Error)
	_, e := w.a.Sendmsg(c, msg([]byte("x")))
	w.want(e, syscall.EPIPE)
	w.isReady(w.a, c, sys.In|sys.Out|sys.PeerClose|sys.Hangup)
}

func TestLingerZeroResets(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	w.ok(w.b.SetSockopt(s, syscall.SOL_SOCKET, syscall.SO_LINGER, 0))
	w.ok(w.b.Close(s))
	w.settle(soon)
	w.soError(w.a, c, syscall.ECONNRESET)
}

func TestBuffersAreFiniteAndOpenAgain(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	sent, chunk := 0, []byte(strings.Repeat("x", 10000))
	for full := 0; full < 2; w.settle(soon) { // once more after what was under way has arrived
		n, e := w.a.Sendmsg(c, msg(chunk))
		sent += n
		if e == syscall.EAGAIN {
			full++
		}
	}
	if ready(w.a, c)&sys.Out != 0 || sent > 2*64<<10 {
		t.Fatal(sent)
	}
	got := 0
	for got < sent {
		n, e := w.b.Recvmsg(s, msg(make([]byte, 7777)))
		if e == syscall.EAGAIN {
			w.settle(soon)
			continue
		}
		w.ok(e)
		got += n
	}
	w.settle(soon)
	if ready(w.a, c)&sys.Out == 0 {
		t.Fatal("not writable again")
	}
}

func TestBytesSurviveLossAndAnyDelay(t *testing.T) {
	for seed := range uint64(50) {
		w := newWorld(t)
		w.n.rand.Uint64N(seed + 1)
		for _, l := range []*Link{w.n.Link(w.a.Host(), w.b.Host()), w.n.Link(w.b.Host(), w.a.Host())} {
			l.Loss, l.Latency, l.Segment = 0.2, Range{1, 5e6}, Range{1, 50}
		}
		l := w.listen(w.b, "10.0.0.2:80", 8)
		c := w.dial(w.a, "10.0.0.2:80")
		w.settle(100 * second)
		s, _, e := w.b.Accept(l)
		w.ok(e)
		text := strings.Repeat("0123456789abcdef", 1000)
		sent, got := 0, ""
		for len(got) < len(text) {
			if sent < len(text) {
				if n, e := w.a.Sendmsg(c, msg([]byte(text[sent:]))); e == 0 {
					sent += n
				}
			}
			w.settle(second)
			b := make([]byte, 999)
			if n, e := w.b.Recvmsg(s, msg(b)); e == 0 {
				got += string(b[:n])
			}
		}
		if got != text {
			t.Fatal("other bytes")
		}
	}
}

func TestDataWithoutAnswerTimeOut(t *testing.T) {
	w := newWorld(t)
	c, _ := w.pair()
	w.n.Partition(w.a.Host(), w.b.Host())
	w.send(w.a, c, "lost")
	w.settle(900 * second)
	w.soError(w.a, c, 0)
	w.settle(30 * second)
	w.isReady(w.a, c, sys.In|sys.Out|sys.PeerClose|sys.Hangup|sys.Error)
	w.recvFails(w.a, c, syscall.ETIMEDOUT)
}

func TestAHealedPartitionLosesNothing(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	w.n.Partition(w.a.Host(), w.b.Host())
	w.send(w.a, c, "late")
	w.settle(60 * second)
	w.n.Heal(w.a.Host(), w.b.Host())
	w.settle(120 * second)
	if got := w.recv(w.b, s); got != "late" {
		t.Fatal(got)
	}
}

func TestKeepAliveFindsADeadPeer(t *testing.T) {
	w := newWorld(t)
	c, _ := w.pair()
	for opt, v := range map[int]int{sys.TCPKeepIdle: 10, sys.TCPKeepInterval: 1, sys.TCPKeepCount: 3} { // in any order
		w.ok(w.a.SetSockopt(c, syscall.IPPROTO_TCP, opt, v))
	}
	w.ok(w.a.SetSockopt(c, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1))
	w.settle(100 * second)
	w.soError(w.a, c, 0)
	w.n.Partition(w.a.Host(), w.b.Host())
	w.settle(15 * second)
	w.soError(w.a, c, syscall.ETIMEDOUT)
}

// A peer that is gone, and one that has no room and makes none.
func TestUserTimeoutEndsASenderWhosePeerTakesNothing(t *testing.T) {
	for name, cut := range map[string]bool{"a partition": true, "no room": false} { // in any order
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c, s := w.pair()
			w.ok(w.a.SetSockopt(c, syscall.IPPROTO_TCP, sys.TCPUserTimeout, 3000))
			if cut {
				w.n.Partition(w.a.Host(), w.b.Host())
			}
			fill := func() {
				for e := syscall.Errno(0); e == 0; w.settle(soon) {
					_, e = w.a.Sendmsg(c, msg(make([]byte, 1<<16)))
				}
			}
			fill()
			w.settle(2 * second)
			w.soError(w.a, c, 0)
			if !cut { // the wait is over when there is room, and begins again
				for e := syscall.Errno(0); e == 0; {
					_, e = w.b.Recvmsg(s, msg(make([]byte, 1<<16)))
					w.settle(soon)
				}
				fill()
				w.settle(2 * second)
				w.soError(w.a, c, 0)
			}
			w.settle(2 * second)
			w.soError(w.a, c, syscall.ETIMEDOUT)
		})
	}
}

func TestAConnectionToItself(t *testing.T) {
	w := newWorld(t)
	fd := w.fd(w.a.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))
	w.ok(w.a.Bind(fd, inet("127.0.0.1:50000")))
	w.want(w.a.Connect(fd, inet("127.0.0.1:50000")), syscall.EINPROGRESS)
	w.settle(soon)
	w.send(w.a, fd, "echo")
	w.settle(soon)
	if got := w.recv(w.a, fd); got != "echo" {
		t.Fatal(got)
	}
	w.ok(w.a.Shutdown(fd, syscall.SHUT_WR))
	w.settle(soon)
	if got := w.recv(w.a, fd); got != "" {
		t.Fatal(got)
	}
	w.ok(w.a.Close(fd))
}

func TestClosingAListenerResetsWhoWasNotAccepted(t *testing.T) {
	w := newWorld(t)
	l := w.listen(w.b, "10.0.0.2:80", 8)
	c := w.dial(w.a, "10.0.0.2:80")
	w.settle(soon)
	w.isReady(w.a, c, sys.Out)
	w.ok(w.b.Close(l))
	w.settle(soon)
	w.soError(w.a, c, syscall.ECONNRESET)
}

func TestAcceptHandsOutAConnectionThatWasReset(t *testing.T) {
	w := newWorld(t)
	l := w.listen(w.b, "10.0.0.2:80", 8)
	c := w.dial(w.a, "10.0.0.2:80")
	w.settle(soon)
	w.ok(w.a.SetSockopt(c, syscall.SOL_SOCKET, syscall.SO_LINGER, 0))
	w.ok(w.a.Close(c))
	w.settle(soon)
	s, peer, e := w.b.Accept(l)
	w.ok(e)
	if peer.Inet.Addr() != ip("10.0.0.1") {
		t.Fatal(peer)
	}
	w.recvFails(w.b, s, syscall.ECONNRESET)
}

func TestExitResetsOrEndsConnections(t *testing.T) {
	w := newWorld(t)
	c, _ := w.pair()
	w.b.Exit()
	w.settle(soon)
	if got := w.recv(w.a, c); got != "" {
		t.Fatal(got)
	}
	w.recvFails(w.b, 3, syscall.EBADF)
	if len(w.b.Open()) != 0 {
		t.Fatal(w.b.Open())
	}
}
