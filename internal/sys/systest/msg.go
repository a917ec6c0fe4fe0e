//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"bytes"
	"os"
	"os/signal"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func transfers(t *testing.T, on System) {
	tests{
		{"BuffersAreFilledInOrderAndEmptyOnesSkipped", on.BuffersAreFilledInOrderAndEmptyOnesSkipped},
		{"OneBufferAmongEmptyOnes", on.OneBufferAmongEmptyOnes},
		{"NothingToTransferIsNotTheEnd", on.NothingToTransferIsNotTheEnd},
		{"AtMostMaxBufsAreUsed", on.AtMostMaxBufsAreUsed},
		{"LongTransfersArriveWhole", on.LongTransfersArriveWhole},
		{"TransfersDoNotBlock", on.TransfersDoNotBlock},
		{"EndOfStreamIsZero", on.EndOfStreamIsZero},
		{"SendToAClosedPeerIsEPIPEWithoutASignal", on.SendToAClosedPeerIsEPIPEWithoutASignal},
		{"PacketTellsItsSourceItsLengthAndWhatDidNotFit", on.PacketTellsItsSourceItsLengthAndWhatDidNotFit},
		{"PacketsMoveTogetherAndTellWhyNotAll", on.PacketsMoveTogetherAndTellWhyNotAll},
		{"PacketsStopInFrontOfOneThatCannotBeSent", on.PacketsStopInFrontOfOneThatCannotBeSent},
		{"PacketsAreCutIntoDatagramsAndComeJoined", on.PacketsAreCutIntoDatagramsAndComeJoined},
		{"DescriptorsComeAsFarAsThereIsRoom", on.DescriptorsComeAsFarAsThereIsRoom},
		{"ReceiveTellsThatItClosedDescriptors", on.ReceiveTellsThatItClosedDescriptors},
		{"TooManyDescriptorsAreRefused", on.TooManyDescriptorsAreRefused},
		{"PeercredIsTheProcessAtTheOtherEnd", on.PeercredIsTheProcessAtTheOtherEnd},
	}.run(t)
}

// long is a size in bytes at which a kernel may change its ways.
const long = 64 << 10

func (on System) BuffersAreFilledInOrderAndEmptyOnesSkipped(t *testing.T) {
	k := on.Kernel()
	s := pair(t, k)
	n, e := k.Sendmsg(s[0], &sys.Msg{Bufs: [][]byte{nil, []byte("ab"), {}, []byte("c"), []byte("def"), nil}})
	must(t, e)
	if n != 6 {
		t.Fatal(n)
	}
	a, b := make([]byte, 4), make([]byte, 4)
	n, e = k.Recvmsg(s[1], &sys.Msg{Bufs: [][]byte{{}, a, nil, b}})
	must(t, e)
	if got := string(a) + string(b[:n-4]); got != "abcdef" {
		t.Fatal(got)
	}
}

func (on System) OneBufferAmongEmptyOnes(t *testing.T) {
	k := on.Kernel()
	s := pair(t, k)
	_, e := k.Sendmsg(s[0], &sys.Msg{Bufs: [][]byte{nil, []byte("abc"), {}}})
	must(t, e)
	b := make([]byte, 8)
	n, e := k.Recvmsg(s[1], &sys.Msg{Bufs: [][]byte{nil, b, nil}})
	must(t, e)
	if string(b[:n]) != "abc" {
		t.Fatal(string(b[:n]))
	}
}

// A receive of nothing would answer 0, which is the end of the stream.
func (on System) NothingToTransferIsNotTheEnd(t *testing.T) {
	k := on.Kernel()
	s := pair(t, k)
	for _, bufs := range [][][]byte{nil, {nil}, {{}, nil, {}}} {
		n, e := k.Recvmsg(s[0], &sys.Msg{Bufs: bufs})
		wantErrno(t, e, unix.EINVAL)
		m, e := k.Sendmsg(s[0], &sys.Msg{Bufs: bufs})
		wantErrno(t, e, unix.EINVAL)
		if n != 0 || m != 0 {
			t.Fatal(n, m)
		}
	}
}

func (on System) AtMostMaxBufsAreUsed(t *testing.T) {
	k := on.Kernel()
	s := pair(t, k)
	bufs := func() (b [][]byte) {
		for range sys.MaxBufs + 100 {
			b = append(b, nil, []byte("x"))
		}
		return b
	}
	for range 2 {
		n, e := k.Sendmsg(s[0], &sys.Msg{Bufs: bufs()})
		must(t, e)
		if n != sys.MaxBufs {
			t.Fatal(n)
		}
	}
	n, e := k.Recvmsg(s[1], &sys.Msg{Bufs: bufs()})
	must(t, e)
	if n != sys.MaxBufs {
		t.Fatal(n)
	}
}

func (on System) LongTransfersArriveWhole(t *testing.T) {
	k := on.Kernel()
	for _, size := range []int{long - 1, long, long + 1, 128 << 10} {
		s := pair(t, k)
		must(t, k.SetSockopt(s[0], unix.SOL_SOCKET, unix.SO_SNDBUF, 4*size))
		want := []byte(strings.Repeat("0123456789abcdef", size/16+1)[:size])
		for _, out := range [][][]byte{{want}, {want[:size/2], want[size/2:]}} {
			n, e := k.Sendmsg(s[0], &sys.Msg{Bufs: out})
			must(t, e)
			if n != size {
				t.Fatalf("sent %d of %d", n, size)
			}
			got := make([]byte, size)
			for n = 0; n < size; {
				m, e := k.Recvmsg(s[1], &sys.Msg{Bufs: [][]byte{got[n : n+(size-n)/2], got[n+(size-n)/2:]}})
				must(t, e)
				n += m
			}
			if !bytes.Equal(got, want) {
				t.Fatal("bytes differ")
			}
		}
	}
}

func (on System) TransfersDoNotBlock(t *testing.T) {
	k := on.Kernel()
	// Blocking descriptors: the promise is of the call, not of the descriptor.
	s, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close(s[0])
	defer k.Close(s[1])
	for _, bufs := range [][][]byte{{make([]byte, 1)}, {make([]byte, 1), make([]byte, 1)}, {make([]byte, long)}} {
		n, e := k.Recvmsg(s[0], &sys.Msg{Bufs: bufs})
		wantErrno(t, e, unix.EAGAIN)
		if n != 0 {
			t.Fatal(n)
		}
		fill(t, k, s[0])
		_, e = k.Sendmsg(s[0], &sys.Msg{Bufs: bufs})
		wantErrno(t, e, unix.EAGAIN)
	}
}

func (on System) EndOfStreamIsZero(t *testing.T) {
	k := on.Kernel()
	s := pair(t, k)
	send(t, k, s[0], "last")
	must(t, k.Shutdown(s[0], unix.SHUT_WR))
	for _, want := range []string{"last", "", ""} {
		if got := recv(t, k, s[1]); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}

func (on System) SendToAClosedPeerIsEPIPEWithoutASignal(t *testing.T) {
	got := make(chan os.Signal, 8)
	signal.Notify(got, unix.SIGPIPE, unix.SIGWINCH)
	defer signal.Stop(got)
	k := on.Kernel()
	s := pair(t, k)
	hangUp(t, k, &s[1])
	for _, bufs := range [][][]byte{{[]byte("x")}, {[]byte("x"), []byte("y")}} {
		_, e := k.Sendmsg(s[0], &sys.Msg{Bufs: bufs})
		wantErrno(t, e, unix.EPIPE)
	}
	// Signals that wait are delivered in the order of their numbers: a SIGPIPE
	// would come before this one.
	if err := unix.Kill(unix.Getpid(), unix.SIGWINCH); err != nil {
		t.Fatal(err)
	}
	if sig := <-got; sig != unix.SIGWINCH {
		t.Fatal(sig)
	}
}
