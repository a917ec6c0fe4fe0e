//go:build linux

package tsocket_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// transfer sends n bytes from a to b and returns what happens, read by read.
func transfer(t *testing.T, c tsocket.PipeConfig, n int) (got []byte, history string, err error) {
	t.Helper()
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, c)
	closing(t, a, b)
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i * 31)
	}
	w := a.Writev(data)
	w.SetCallback(func(r tevent.Req[int]) {
		k, err := r.Result()
		history += fmt.Sprintf("w%d %v;", k, err)
	})
	for err == nil && len(got) < n {
		var lent []byte
		lent, err = tevent.Wait(ev, b.Peek(1).SetTimeout(patience))
		got = append(got, lent...)
		history += fmt.Sprintf("%d,", len(lent))
		b.Consume(len(lent))
	}
	turns(t, ev, 1)
	if !bytes.Equal(got, data[:len(got)]) {
		t.Fatal("the bytes differ")
	}
	return got, history, err
}

func TestPipeBehavesTheSameFromOneSeed(t *testing.T) {
	c := tsocket.PipeConfig{Seed: 42}
	_, first, _ := transfer(t, c, 100000)
	_, again, _ := transfer(t, c, 100000)
	if first != again {
		t.Error("two runs of one seed differ")
	}
	if _, other, _ := transfer(t, tsocket.PipeConfig{Seed: 43}, 100000); other == first {
		t.Error("two seeds do the same")
	}
	if _, plain, _ := transfer(t, tsocket.PipeConfig{}, 100000); plain != "65536,34464,w100000 <nil>;" && plain == first {
		t.Error("a plain pipe splits")
	}
}

func TestSeededPipeSplitsFromOneByteUpwards(t *testing.T) {
	_, history, _ := transfer(t, tsocket.PipeConfig{Seed: 1, Buffer: 5000}, 200000)
	if !bytes.Contains([]byte(history), []byte(",1,")) {
		t.Error("no piece of one byte")
	}
	if n := bytes.Count([]byte(history), []byte(",")); n < 50 {
		t.Errorf("%d pieces", n)
	}
}

func TestPipeResetsAtAnOffset(t *testing.T) {
	for _, c := range []tsocket.PipeConfig{{}, {Seed: 5}, {Seed: 6, Delay: time.Millisecond}} {
		for _, at := range []int64{0, 1, 777, 65536, 70000} {
			c.AtoB = tsocket.PipeFault{Kind: tsocket.PipeReset, At: at}
			t.Run(fmt.Sprintf("seed=%d,at=%d", c.Seed, at), func(t *testing.T) {
				got, _, err := transfer(t, c, 100000)
				is(t, err, syscall.ECONNRESET)
				if len(got) != int(at) {
					t.Errorf("%d bytes arrived before the reset", len(got))
				}
			})
		}
	}
}

func TestPipeResetIsToldToBothEnds(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{BtoA: tsocket.PipeFault{Kind: tsocket.PipeReset, At: 3}})
	closing(t, a, b)
	m := a.Monitor()
	write(t, ev, a, "here")
	if n := fails(t, ev, b.Writev([]byte("abcdef")), syscall.ECONNRESET); n != 3 {
		t.Errorf("%d bytes were taken", n)
	}
	fails(t, ev, m, syscall.ECONNRESET)
	fails(t, ev, a.Writev([]byte("x")), syscall.ECONNRESET)
	read(t, ev, a, "abc")
	read(t, ev, b, "here")
	fails(t, ev, a.Readv(make([]byte, 1)), syscall.ECONNRESET)
	fails(t, ev, b.Readv(make([]byte, 1)), syscall.ECONNRESET)
}

func TestPipeStalls(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{AtoB: tsocket.PipeFault{Kind: tsocket.PipeStall, At: 4}})
	closing(t, a, b)
	write(t, ev, a, "abcdef")
	read(t, ev, b, "abcd")
	write(t, ev, b, "other way")
	read(t, ev, a, "other way")
	done(t, ev, a.SendShutdown())
	r := b.Readv(make([]byte, 1))
	turns(t, ev, 10)
	if !r.InProgress() {
		t.Fatal("something arrived through a stalled pipe")
	}
	_, err := tevent.Wait(ev, r.SetTimeout(0))
	is(t, err, os.ErrDeadlineExceeded)
	if n, err := b.Pending(); n != 0 || err != nil {
		t.Errorf("%d bytes are pending, %v", n, err)
	}
}

func TestPipeAbortResets(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{})
	closing(t, a, b)
	write(t, ev, a, "abc")
	must(t, a.Abort())
	read(t, ev, b, "abc")
	fails(t, ev, b.Readv(make([]byte, 1)), syscall.ECONNRESET)
}

func TestTCPAbortResets(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tcpPair(t, ev)
	closing(t, a, b)
	write(t, ev, a, "abc")
	must(t, a.Abort())
	read(t, ev, b, "abc")
	fails(t, ev, b.Readv(make([]byte, 1)), syscall.ECONNRESET)
	must(t, a.Abort())
}

// Every transfer of random sizes arrives as it was sent, around the end of the
// pipe's memory again and again.
func TestPipeKeepsBytesInOrder(t *testing.T) {
	ev := teventtest.New(t)
	seed := rand.Uint64()
	t.Logf("seed=%d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Buffer: 777})
	closing(t, a, b)
	var sent, got []byte
	for range 2000 {
		if n := chance.IntN(300); n > 0 && len(sent)-len(got) < 300 {
			out := make([]byte, n)
			for i := range out {
				out[i] = byte(chance.Uint32())
			}
			k := chance.IntN(n + 1)
			done(t, ev, a.Writev(out[:k], out[k:]))
			sent = append(sent, out...)
		}
		if n := min(chance.IntN(300), len(sent)-len(got)); n > 0 {
			in := make([]byte, n)
			done(t, ev, b.Readv(in))
			got = append(got, in...)
		}
	}
	if !bytes.Equal(got, sent[:len(got)]) || len(got) < 100000 {
		t.Fatalf("%d bytes of %d differ", len(got), len(sent))
	}
}

func TestPipeHoldsTheLoopOnlyWhileBytesAreUnderWay(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Delay: 2 * time.Millisecond})
	closing(t, a, b)
	write(t, ev, a, "abc")
	a.Close()
	must(t, ev.LoopWait())
	if n, err := b.Pending(); n != 3 || err != nil {
		t.Fatalf("%d bytes have arrived, %v", n, err)
	}
	read(t, ev, b, "abc")
	_, err := tevent.Wait(ev, b.Readv(make([]byte, 1)))
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
}
