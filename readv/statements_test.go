//go:build linux

package readv_test

import (
	"errors"
	"math"
	"syscall"
	"testing"
	"unsafe"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
)

// onBackends runs body on every backend; it reads from w.b what w.a sends.
func onBackends(t *testing.T, body func(b *bt.Backend, w *way)) {
	bt.Each(t, func(b *bt.Backend) {
		w := socketpairOn(b, b.Ev)
		body(b, w)
	})
}

// As tevent.
func TestS61NoBuffersAtFirstAreZeroBytes(t *testing.T) {
	onBackends(t, func(b *bt.Backend, w *way) {
		w.send("x")
		if n := get(w, readv.Read(w.b, (&layout{}).next)); n != 0 {
			b.Error(n)
		}
		w.wantNext("x")
	})
}

// As tevent. Ours: the bytes that were read before are counted.
func TestS62AnErrorOfTheLayoutIsTheReads(t *testing.T) {
	onBackends(t, func(b *bt.Backend, w *way) {
		if n := fails(w, readv.Read(w.b, (&layout{err: errTest}).next), errTest); n != 0 {
			b.Error(n)
		}
		w.send("abcd")
		if n := fails(w, readv.Read(w.b, (&layout{sizes: []int{3}, err: errTest}).next), errTest); n != 3 {
			b.Error(n)
		}
		w.wantNext("d")
	})
}

// Not in Go, because a layout returns an error or none: there is no failure without a
// number, on which tevent waits for ever. What stands for it is no buffers, and ends.
func TestS63NoErrorIsNoFailure(t *testing.T) {
	onBackends(t, func(b *bt.Backend, w *way) {
		var none error
		n, err := tevent.Wait(b.Ev, readv.Read(w.b, func() ([][]byte, error) { return nil, none }))
		if n != 0 || err != nil {
			b.Error(n, err)
		}
	})
}

// As tevent.
func TestS64BuffersWithoutRoomAreEINVAL(t *testing.T) {
	onBackends(t, func(b *bt.Backend, w *way) {
		fails(w, readv.Read(w.b, (&layout{sizes: []int{0}}).next), syscall.EINVAL)
		fails(w, readv.Read(w.b, func() ([][]byte, error) { return [][]byte{nil, {}}, nil }), syscall.EINVAL)
	})
}

// As tevent.
func TestS65BuffersWithoutEndAreEMSGSIZE(t *testing.T) {
	onBackends(t, func(b *bt.Backend, w *way) {
		var one byte
		huge := *(*[]byte)(unsafe.Pointer(&struct {
			at       *byte
			len, cap int
		}{&one, math.MaxInt, math.MaxInt}))
		fails(w, readv.Read(w.b, func() ([][]byte, error) { return [][]byte{huge, huge}, nil }), syscall.EMSGSIZE)
	})
}

// As tevent: 1, 2 and 3 bytes are 6 in all, and the fourth answer ends it.
func TestS66ALayoutGrowsAsItIsRead(t *testing.T) {
	onBackends(t, func(b *bt.Backend, w *way) {
		l := &layout{sizes: []int{1, 2, 3}}
		r := readv.Read(w.b, l.next)
		w.send("abcdefgh")
		if n := get(w, r); n != 6 || l.calls != 4 || l.text() != "abcdef" {
			b.Errorf("%d bytes, asked %d times: %q", n, l.calls, l.text())
		}
		w.wantNext("gh")
	})
}

// As tevent.
func TestS67NoCallbackRunsInTheCall(t *testing.T) {
	onBackends(t, func(b *bt.Backend, w *way) {
		for _, l := range []*layout{{err: errTest}, {}, {sizes: []int{0}}} {
			ran, inCall := false, true
			readv.Read(w.b, l.next).SetCallback(func(r tevent.Req[int]) {
				if ran = true; inCall {
					b.Error("a callback ran in the call")
				}
				if _, err := r.Result(); errors.Is(err, tevent.ErrInProgress) {
					b.Error(err)
				}
			})
			inCall = false
			b.Look()
			if !ran {
				b.Error("no callback in the next turn")
			}
		}
	})
}
