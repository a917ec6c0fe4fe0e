//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/systest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func system(open func(sys.Kernel) (*Poller, error)) systest.System {
	return systest.System{
		Kernel:        func() sys.Kernel { return NewKernel() },
		Poller:        func(k sys.Kernel) (sys.Poller, error) { return open(k) },
		Host:          func(workers int) sys.Host { return NewHost(workers) },
		Asleep:        func(p sys.Poller) bool { return p.(*Poller).state.Load() == asleep },
		AbstractNames: abstract,
	}
}

func TestContract(t *testing.T) { systest.Run(t, system(NewPoller)) }

// plain is a Poller as it is where poll has no name for the peer's close.
func plain(k sys.Kernel) (*Poller, error) {
	p, err := NewPoller(k)
	if err == nil {
		p.peerClose = 0
	}
	return p, err
}

func TestContractWithoutANameForThePeersClose(t *testing.T) { systest.Run(t, system(plain)) }

// A Wake that finds the loop asleep may be slow: its byte comes when something
// else has ended that sleep already.
func TestLateWakeLeavesNothingBehind(t *testing.T) {
	k := NewKernel()
	p, err := NewPoller(k)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := unix.Write(p.wake, []byte{0}); err != nil {
		t.Fatal(err)
	}
	deadline := k.Now() + int64(2*time.Millisecond)
	if n, e := p.Wait(make([]sys.Event, 1), deadline); n != 0 || e != 0 || k.Now() < deadline {
		t.Fatalf("%d events, errno %v, at %d of %d", n, e, k.Now(), deadline)
	}
}

func TestBuffersAreNotKeptAlive(t *testing.T) {
	k := NewKernel()
	s, e := k.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if e != 0 {
		t.Fatal(e)
	}
	defer k.Close(s[0])
	defer k.Close(s[1])
	m := &sys.Msg{Bufs: [][]byte{[]byte("abc"), []byte("def"), []byte("g")}}
	for _, f := range []func(int, *sys.Msg) (int, sys.Errno){k.Sendmsg, k.Recvmsg} {
		f(s[0], m)
		for _, b := range k.bufs[:cap(k.bufs)] {
			if b != nil {
				t.Fatal("a buffer is still referred to")
			}
		}
	}
}

// Without a name for it, a close behind bytes that nobody read stays unseen,
// and is seen when they have been read.
func TestPeersCloseBehindUnreadBytesIsSeenOnceTheyAreRead(t *testing.T) {
	k := NewKernel()
	p, err := plain(k)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s, e := k.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if e != 0 {
		t.Fatal(e)
	}
	defer k.Close(s[0])
	p.Add(s[0], 7, sys.Edge)
	m := &sys.Msg{Bufs: [][]byte{{1}}}
	k.Sendmsg(s[1], m)
	k.Shutdown(s[1], unix.SHUT_WR)
	defer k.Close(s[1])
	events := make([]sys.Event, 2)
	for _, want := range []sys.Ready{sys.In, sys.In | sys.PeerClose} {
		n, e := p.Wait(events, sys.Never)
		if n != 1 || e != 0 || events[0].Ready != want {
			t.Fatalf("%d events %v, errno %v; want %b", n, events[:n], e, want)
		}
		if n, _ := p.Wait(events, 0); n != 0 {
			t.Fatalf("again: %v", events[:n])
		}
		k.Recvmsg(s[0], m)
		p.Want(s[0], 7, sys.In)
	}
}
