package readv_test

import (
	"context"
	"net"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// P2.
func TestQueuedReadersGetTheirPDUsInOrder(t *testing.T) {
	overAll(t, func(w *way) {
		q := queue.New(w.ev, "readers")
		first := readv.PDUQueue(w.b, q, short, nil)
		l := &layout{sizes: []int{1, 2}}
		second := readv.ReadQueue(w.b, q, l.next)
		buf := make([]byte, 8)
		third := readv.PDUQueue(w.b, q, readv.Fixed(2), buf)
		if l.calls != 0 {
			t.Error("asked before its turn")
		}
		w.send("\x02abcdefghi")
		w.wantPDU(get(w, first), "\x02ab")
		if n := get(w, second); n != 3 || l.text() != "cde" {
			t.Error(n, l.text())
		}
		got := get(w, third)
		w.wantPDU(got, "fg")
		if &got[0] != &buf[0] || q.Length() != 0 {
			t.Error("not in the buffer, or still queued", q)
		}
		w.wantNext("hi")
	})
}

// Q1.
func TestQueuedReaderWaitsUntilTheResultBeforeItWasTaken(t *testing.T) {
	w := socketpair(t)
	q := queue.New(w.ev, "readers")
	first, second := readv.PDUQueue(w.b, q, short, nil), readv.PDUQueue(w.b, q, short, nil)
	w.send("\x01a\x01b")
	w.until("the first is done", func() bool { return first.State() == tevent.StateDone })
	w.turns(3)
	if second.State() != tevent.StateInProgress {
		t.Fatal(second)
	}
	w.wantPDU(get(w, first), "\x01a")
	w.wantPDU(get(w, second), "\x01b")
}

// R11, Q3.
func TestCancelledQueuedReadersLoseNothing(t *testing.T) {
	overAll(t, func(w *way) {
		q := queue.New(w.ev, "readers")
		pdu := readv.PDUQueue(w.b, q, short, nil)
		l := &layout{sizes: []int{1, 3}}
		read := readv.ReadQueue(w.b, q, l.next)
		waits := readv.ReadQueue(w.b, q, l.next)
		last := readv.PDUQueue(w.b, q, short, nil)
		w.send("\x03\x00")
		w.turns(20)
		if !pdu.Cancel() || !waits.Cancel() || q.Length() != 3 {
			t.Fatal(q)
		}
		fails(w, pdu, context.Canceled)
		fails(w, waits, context.Canceled)
		w.until("the read has its first buffer", func() bool { return l.calls == 2 })
		w.turns(20)
		if !read.Cancel() {
			t.Fatal("not cancelled at work")
		}
		if n := fails(w, read, context.Canceled); n != 1 || string(l.bufs[0]) != "\x03" {
			t.Error(n, l.bufs)
		}
		w.wantPDU(get(w, last), "\x00")
	})
}

// Q3: an error of the stream comes to each, one of the reader only to him.
func TestFailedQueuedReaderDoesNotPoisonTheNext(t *testing.T) {
	overAll(t, func(w *way) {
		q := queue.New(w.ev, "readers")
		bad := readv.PDUQueue(w.b, q, readv.Fixed(0), nil)
		worse := readv.ReadQueue(w.b, q, (&layout{err: errTest}).next)
		good := readv.PDUQueue(w.b, q, short, nil)
		after := readv.ReadQueue(w.b, q, (&layout{sizes: []int{1}}).next)
		last := readv.PDUQueue(w.b, q, short, nil)
		w.send("\x01a")
		fails(w, bad, syscall.EINVAL)
		fails(w, worse, errTest)
		w.wantPDU(get(w, good), "\x01a")
		w.b.Close()
		fails(w, after, net.ErrClosed)
		fails(w, last, net.ErrClosed)
	})
}

// Q4, Q5.
func TestQueueRefusesReaders(t *testing.T) {
	w := socketpair(t)
	q := queue.New(w.ev, "readers")
	q.SetLimits(queue.Limits{Entries: 1})
	first := readv.PDUQueue(w.b, q, short, nil)
	fails(w, readv.ReadQueue(w.b, q, (&layout{}).next), queue.ErrFull)
	q.Close()
	fails(w, readv.PDUQueue(w.b, q, short, nil), queue.ErrClosed)
	fails(w, first, queue.ErrClosed)
	w.send("\x00")
	w.wantPDU(get(w, readv.PDU(w.b, short, nil)), "\x00")
}

func TestQueuedReadersOfAStreamThatHasMovedFail(t *testing.T) {
	w := socketpair(t)
	q := queue.New(w.ev, "readers")
	q.Stop()
	pdu := readv.PDUQueue(w.b, q, short, nil)
	read := readv.ReadQueue(w.b, q, (&layout{sizes: []int{1}}).next)
	if err := w.b.SetEventContext(nil); err != nil {
		t.Fatal(err)
	}
	fails(w, readv.PDUQueue(w.b, q, short, nil), syscall.EINVAL)
	fails(w, readv.ReadQueue(w.b, q, (&layout{}).next), syscall.EINVAL)
	if err := w.b.SetEventContext(teventtest.New(t)); err != nil {
		t.Fatal(err)
	}
	q.Start()
	fails(w, pdu, syscall.EINVAL)
	fails(w, read, syscall.EINVAL)
	w.b.Close()
}
