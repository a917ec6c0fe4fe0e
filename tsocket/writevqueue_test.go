package tsocket_test

import (
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// S14, Q1.
func TestQueuedWritesOfOneTurnAreOneSystemCallAndCompleteOneByOne(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	for _, text := range []string{"one", "two", "three"} {
		w.post(a, text)
	}
	w.want() // never inside the call
	w.wantNext("one=3", "two=3", "three=5")
	w.wantSends(1)
	w.wantText(b, "onetwothree")
}

// S14: the trigger has run when the later ones come; the flush takes them all.
func TestWritesQueuedBehindOneAtWorkGoOutWithIt(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	tevent.NewImmediate(w.ev, func() { w.post(a, "two"); w.post(a, "three") }).Schedule()
	w.post(a, "one")
	w.wantNext("one=3", "two=3", "three=5")
	w.wantSends(1)
	w.wantText(b, "onetwothree")
}

// S14: 64 KiB or 64 messages do not wait for the end of the turn.
func TestManyQueuedWritesGoOutAtOnce(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	text := strings.Repeat("x", 64<<10)
	w.post(a, text[:1])
	w.wantSends(0)
	w.post(a, text[1:])
	w.wantSends(1)
	w.want()
	w.turn()
	w.log = nil
	w.wantText(b, text)
	for range 63 {
		w.post(a, "y")
	}
	w.wantSends(0)
	w.post(a, "y")
	w.wantSends(1)
	w.turn()
	w.wantText(b, strings.Repeat("y", 64))
}

// Q1: the batch ends where another stream's message stands.
func TestQueuedWritesOfTwoStreamsKeepTheirOrder(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	c, d := w.pair()
	w.post(a, "a1")
	w.post(a, "a2")
	w.post(c, "c1")
	w.post(a, "a3")
	w.until("all ended", func() bool { return len(w.log) == 4 })
	w.want("a1=2", "a2=2", "c1=2", "a3=2")
	w.wantSends(3)
	w.wantText(b, "a1a2a3")
	w.wantText(d, "c1")
}

// Q1, R10 of the original: a finished head that nobody takes blocks.
func TestQueuedWriteThatNobodyTakesHoldsTheQueue(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	c, d := w.pair()
	first := a.WritevQueue(w.q, []byte("first"))
	w.until("the first is done", func() bool { return first.State() == tevent.StateDone })
	behind := a.WritevQueue(w.q, []byte("behind"))
	w.post(c, "second")
	if _, err := tevent.Wait(w.ev, a.Send([]byte("passes"))); err != nil {
		t.Fatal(err)
	}
	w.wantText(b, "firstpasses")
	w.wantNext()
	if !behind.Cancel() {
		t.Fatal("not cancelled")
	}
	behind.Ignore()
	if n, err := first.Result(); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	w.until("the second ends", func() bool { return len(w.log) == 1 })
	w.wantText(d, "second")
}

// Q2: what waits in a stopped queue waits, and does not keep the stream busy
// for Writev.
func TestStoppedQueueHoldsWritesBackAndWritevMayPass(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	w.q.Stop()
	w.post(a, "later")
	if _, err := tevent.Wait(w.ev, a.Writev([]byte("now"))); err != nil {
		t.Fatal(err)
	}
	w.wantNext()
	w.wantErr(a.SetEventContext(nil), syscall.EBUSY)
	_, err := tevent.Wait(w.ev, a.Disconnect())
	w.wantErr(err, syscall.EBUSY)
	w.q.Start()
	w.wantNext("later=5")
	w.wantText(b, "nowlater")
}

// S14.
func TestWritevBesideAQueuedWriteAtWorkIsBusy(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	w.post(a, "queued")
	_, err := a.Writev([]byte("x")).Result()
	w.wantErr(err, syscall.EBUSY)
	send := a.Send([]byte("sent"))
	w.wantNext("queued=6")
	if n, err := send.Result(); n != 4 || err != nil {
		t.Fatal(n, err)
	}
	w.wantSends(1)
	w.wantText(b, "queuedsent")
}

// S1: what cannot be sent is refused at the call and leaves the queue alone.
func TestQueuedWriteRefusesWhatWritevRefuses(t *testing.T) {
	w := startWriting(t)
	a, _ := w.pair()
	_, err := a.WritevQueue(w.q).Result()
	w.wantErr(err, syscall.EINVAL)
	w.q.SetLimits(queue.Limits{Bytes: 3})
	n, err := a.WritevQueue(w.q, []byte("four")).Result()
	w.wantErr(err, queue.ErrFull)
	var op *net.OpError
	if n != 0 || !errorsAs(err, &op) || op.Op != "writev" {
		t.Error(n, err)
	}
	a.Close()
	_, err = a.WritevQueue(w.q, []byte("x")).Result()
	w.wantErr(err, net.ErrClosed)
	if w.q.Length() != 0 {
		t.Error(w.q)
	}
}

// Q3: the socket itself failed, so all that is for it gets the error.
func TestErrorOfTheStreamIsToldToAllQueuedWrites(t *testing.T) {
	for _, c := range []struct {
		name string
		fail func(a, b *tsocket.Stream)
		err  error
	}{
		{"closed here", func(a, b *tsocket.Stream) { a.Close() }, net.ErrClosed},
		{"closed there", func(a, b *tsocket.Stream) { b.Close() }, syscall.EPIPE},
		{"shut down", func(a, b *tsocket.Stream) { a.ShutdownWrite().Ignore() }, syscall.EPIPE},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := startWriting(t)
			a, b := w.pair()
			x, y := w.pair()
			w.q.Stop()
			all := []tevent.Req[int]{a.WritevQueue(w.q, []byte("one"))}
			w.post(x, "other")
			all = append(all, a.WritevQueue(w.q, []byte("two")))
			c.fail(a, b)
			w.q.Start()
			for _, r := range all {
				n, err := tevent.Wait(w.ev, r)
				w.wantErr(err, c.err)
				if n != 0 {
					t.Error(n)
				}
			}
			w.until("the other stream's is sent", func() bool { return len(w.log) == 1 })
			w.wantText(y, "other")
			if w.q.Length() != 0 {
				t.Error(w.q)
			}
		})
	}
}

// Q4.
func TestClosedQueueEndsWritesThatWait(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	w.q.Stop()
	w.post(a, "one")
	w.q.Close()
	w.wantNext("one=0, queue: closed")
	if _, err := tevent.Wait(w.ev, a.Writev([]byte("fine"))); err != nil {
		t.Fatal(err)
	}
	w.wantText(b, "fine")
	if err := a.SetEventContext(nil); err != nil {
		t.Error(err)
	}
}

// S8: the spare operations belong to the loop that the stream has left.
func TestQueuedWritesFollowTheStreamToAnotherContext(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	w.post(a, "here")
	w.wantNext("here=4")
	kept := a.WritevQueue(w.q, []byte("kept"))
	w.turn()
	if err := a.SetEventContext(nil); err != nil {
		t.Fatal(err)
	}
	v := startWriting(t)
	if err := a.SetEventContext(v.ev); err != nil {
		t.Fatal(err)
	}
	taken := make(chan struct{})
	go func() { // on the loop that was left
		defer close(taken)
		if n, err := kept.Result(); n != 4 || err != nil {
			t.Error(n, err)
		}
	}()
	v.post(a, "there")
	v.wantNext("there=5")
	<-taken
	w.wantText(b, "herekeptthere")
	a.Close()
}
