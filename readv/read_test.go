package readv_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"syscall"
	"testing"
	"unsafe"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
)

var errTest = errors.New("no such layout")

// P1, statement 66, as tevent.
func TestReadAsksUntilThereIsNothingMoreToFill(t *testing.T) {
	overAll(t, func(w *way) {
		l := &layout{sizes: []int{1, 2, 3}}
		r := readv.Read(w.b, l.next)
		if l.calls != 1 {
			t.Errorf("asked %d times in the call", l.calls)
		}
		w.send("abcdefgh")
		if n := get(w, r); n != 6 || l.calls != 4 || l.text() != "abcdef" {
			t.Errorf("%d bytes, asked %d times: %q", n, l.calls, l.text())
		}
		w.wantNext("gh")
	})
}

// P1, statements 61 and 67, as tevent.
func TestReadOfNothingIsDoneButNotInTheCall(t *testing.T) {
	overAll(t, func(w *way) {
		ended := 0
		r := readv.Read(w.b, (&layout{}).next)
		r.SetCallback(func(r tevent.Req[int]) {
			ended++
			if n, err := r.Result(); n != 0 || err != nil {
				t.Error(n, err)
			}
		})
		if ended != 0 {
			t.Error("the callback ran in the call")
		}
		w.turns(1)
		if ended != 1 {
			t.Error("no callback in the next turn")
		}
	})
}

// P1, statements 62 and 67, as tevent. Statement 63, an error that is none, is
// not in Go, because next returns an error or no error.
func TestErrorOfTheLayoutEndsTheReadWithTheCount(t *testing.T) {
	overAll(t, func(w *way) {
		r := readv.Read(w.b, (&layout{err: errTest}).next)
		if r.State() != tevent.StateFailed {
			t.Error("the request is not there in time")
		}
		if n := fails(w, r, errTest); n != 0 {
			t.Error(n)
		}
		w.send("abcd")
		if n := fails(w, readv.Read(w.b, (&layout{sizes: []int{1, 2}, err: errTest}).next), errTest); n != 3 {
			t.Error(n)
		}
		w.wantNext("d")
	})
}

// P1, statement 64, as tevent; what was read before is counted (ours).
func TestReadOfEmptyBuffersIsEINVAL(t *testing.T) {
	overAll(t, func(w *way) {
		fails(w, readv.Read(w.b, (&layout{sizes: []int{0}}).next), syscall.EINVAL)
		w.send("abcd")
		if n := fails(w, readv.Read(w.b, (&layout{sizes: []int{3, 0}}).next), syscall.EINVAL); n != 3 {
			t.Error(n)
		}
		w.wantNext("d")
	})
}

// Statement 65, as tevent.
func TestReadOfMoreThanAnIntIsEMSGSIZE(t *testing.T) {
	w := socketpair(t)
	var b byte
	endless := struct {
		at       *byte
		len, cap int
	}{&b, math.MaxInt, math.MaxInt}
	huge := *(*[]byte)(unsafe.Pointer(&endless)) // nothing is read into it
	fails(w, readv.Read(w.b, func() ([][]byte, error) { return [][]byte{huge, huge}, nil }), syscall.EMSGSIZE)
}

// P1: several buffers at once, empty ones among them, and the engine may do with
// the slice what it likes.
func TestReadFillsAllBuffersOfAnAnswer(t *testing.T) {
	overAll(t, func(w *way) {
		one, two := make([]byte, 2), make([]byte, 3)
		answers := [][][]byte{{nil, one, {}, two}, nil}
		r := readv.Read(w.b, func() ([][]byte, error) {
			bufs := answers[0]
			answers = answers[1:]
			return bufs, nil
		})
		w.send("abcde")
		if n := get(w, r); n != 5 || string(one)+string(two) != "abcde" {
			t.Errorf("%d: %q %q", n, one, two)
		}
	})
}

// S2: the end is io.EOF only at a boundary between PDUs.
func TestEndInsideAReadIsUnexpected(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       error
	}{
		{"before the first byte", "", io.EOF},
		{"inside the first buffer", "a", io.ErrUnexpectedEOF},
		{"between two buffers", "ab", io.ErrUnexpectedEOF},
		{"inside the last", "abc", io.ErrUnexpectedEOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			overAll(t, func(w *way) {
				if c.text != "" {
					w.send(c.text)
				}
				get(w, w.a.SendShutdown())
				n, err := wait(w, readv.Read(w.b, (&layout{sizes: []int{2, 2}}).next))
				w.wantErr(err, c.want, syscall.EPIPE)
				var at *net.OpError
				if n != len(c.text) || !errors.As(err, &at) || errors.Is(err, io.EOF) != (c.text == "") {
					t.Error(n, err)
				}
			})
		})
	}
}

// R11: what ends a Read, its count says what has gone from the stream; the bytes
// of the buffers it was at are there again.
func TestCancelledReadSaysTheCountAndGivesTheOthersBack(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(r tevent.Req[int])
		want error
	}{
		{"cancelled", func(r tevent.Req[int]) { r.Cancel() }, context.Canceled},
		{"timed out", func(r tevent.Req[int]) { r.SetTimeout(0) }, tevent.ErrDeadline},
	} {
		t.Run(c.name, func(t *testing.T) {
			overAll(t, func(w *way) {
				l := &layout{sizes: []int{2, 4}}
				r := readv.Read(w.b, l.next)
				w.send("abcd")
				w.until("all of it was taken", func() bool {
					n, err := w.b.Pending()
					return l.calls == 2 && l.bufs[1][1] == 'd' && n == 0 && err == nil
				})
				c.end(r)
				n, err := tevent.Wait(w.ev, r)
				w.wantErr(err, c.want)
				if n != 2 || string(l.bufs[0]) != "ab" {
					t.Errorf("%d bytes, %q", n, l.bufs[0])
				}
				w.wantNext("cd")
			})
		})
	}
}

// R11: the buffers are full, but the step has not run yet.
func TestCancelCountsBuffersThatAreFullAlready(t *testing.T) {
	w := socketpair(t)
	w.send("abc")
	w.arrived(3)
	r := readv.Read(w.b, (&layout{sizes: []int{2, 2}}).next)
	if !r.Cancel() {
		t.Fatal("not cancelled")
	}
	if n := fails(w, r, context.Canceled); n != 2 {
		t.Error(n)
	}
	w.wantNext("c")
}

func TestLayoutMayCancelItsRead(t *testing.T) {
	w := socketpair(t)
	w.send("abc")
	var r tevent.Req[int]
	l := &layout{sizes: []int{1, 1}}
	r = readv.Read(w.b, func() ([][]byte, error) {
		if l.calls == 1 && !r.Cancel() {
			t.Error("not cancelled")
		}
		return l.next()
	})
	if n := fails(w, r, context.Canceled); n != 1 {
		t.Error(n)
	}
	w.wantNext("bc")
}

func TestLayoutThatPanicsInTheCallLeavesNoRequest(t *testing.T) {
	w := socketpair(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		readv.Read(w.b, func() ([][]byte, error) { panic("no layout") })
	}()
	for it := range w.ev.Items() {
		if it.Kind == tevent.KindRequest {
			t.Error(it)
		}
	}
	w.send("a")
	if n := get(w, readv.Read(w.b, (&layout{sizes: []int{1}}).next)); n != 1 {
		t.Error(n)
	}
}

// S8, R18: a detached stream refuses through a request.
func TestReadersOfADetachedStreamFail(t *testing.T) {
	w := socketpair(t)
	if err := w.b.SetEventContext(nil); err != nil {
		t.Fatal(err)
	}
	fails(w, readv.Read(w.b, (&layout{sizes: []int{1}}).next), syscall.EINVAL)
	fails(w, readv.PDU(w.b, readv.Fixed(1), nil), syscall.EINVAL)
	fails(w, readv.PeekPDU(w.b, readv.Fixed(1)), syscall.EINVAL)
	if b, err := readv.Buffered(w.b, readv.Fixed(1)); b != nil || err != nil {
		t.Error(b, err)
	}
}

func TestReadersOfAClosedStreamFail(t *testing.T) {
	overAll(t, func(w *way) {
		pending := readv.Read(w.b, (&layout{sizes: []int{1}}).next)
		w.b.Close()
		fails(w, pending, net.ErrClosed)
		fails(w, readv.Read(w.b, (&layout{sizes: []int{1}}).next), net.ErrClosed)
		fails(w, readv.PDU(w.b, readv.Fixed(1), nil), net.ErrClosed)
		fails(w, readv.PeekPDU(w.b, readv.Fixed(1)), net.ErrClosed)
	})
}
