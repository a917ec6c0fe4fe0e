package tevent_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
)

// cleanups notes the states that the cleanup function of j is told, and its
// callback.
func cleanups(j *job, s *steps) {
	j.SetCleanup(func(st tevent.State) { s.add("cleanup " + st.String()) })
	j.Req().SetCallback(func(tevent.Req[int]) { s.add("callback") })
}

// As tevent with _post; ours: without any call that one may forget.
func TestS23CallbackNeverRunsInsideTheCallThatStarts(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		o := watch(tevent.Failed[int](b.Ev, "failed", errTest))
		j := start(b.Ev, "job")
		done := watch(j.Req())
		j.Done(1)
		if o.calls+done.calls != 0 {
			b.Fatal("in place")
		}
		b.Wait()
		if o.calls != 1 || o.err != errTest || done.calls != 1 || done.v != 1 {
			b.Fatal(o, done)
		}
	})
}

// Ours: a callback that is set on a finished request runs, where tevent forgets it.
func TestS24CallbackSetAfterTheFinishRuns(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		j := start(b.Ev, "job")
		j.Done(1)
		b.Wait()
		o := watch(j.Req())
		if o.calls != 0 {
			b.Fatal("in place")
		}
		b.Wait()
		if o.calls != 1 || o.v != 1 {
			b.Fatal(o)
		}
	})
}

// Ours: tevent calls the callback twice.
func TestS25SecondFinishPanicsAndChangesNothing(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		j := start(b.Ev, "job")
		o := watch(j.Req())
		j.Done(1)
		for _, again := range []func(){func() { j.Done(2) }, func() { j.Fail(errTest) }, func() { j.Finish(3, nil) }} {
			if text := panicOf(b, again); !strings.Contains(text, "job") {
				b.Error(text)
			}
		}
		b.Wait()
		if o.calls != 1 || o.v != 1 || o.err != nil {
			b.Fatal(o)
		}
	})
}

// As tevent.
func TestS26FailOfNilIsNoFailureAndNoCompletion(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		j := start(b.Ev, "job")
		if j.Fail(nil) || !j.InProgress() {
			b.Fatal("completed")
		}
		if !j.Fail(errTest) || j.InProgress() {
			b.Fatal("not completed")
		}
		j.Req().Drop()
	})
}

// As tevent; ours: the outcome is fixed first, so the cleanup function is told
// of a failure before the end.
func TestS27DroppedPendingRequestIsCleanedUpWithoutCallback(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		j := start(b.Ev, "job")
		j.SetCancel(j.Fail)
		cleanups(j, &s)
		j.Req().Drop()
		b.Wait()
		s.want(b, "cleanup failed", "cleanup ended")
	})
}

// As tevent.
func TestS28DroppedFinishedRequestHasNoCallback(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		j := start(b.Ev, "job")
		cleanups(j, &s)
		j.Done(1)
		j.Req().Drop()
		b.Wait()
		s.want(b, "cleanup done", "cleanup ended")
	})
}

// As tevent.
func TestS29RequestMayBeDroppedInItsOwnCallback(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		n := 0
		j := start(b.Ev, "job")
		j.Req().SetCallback(func(r tevent.Req[int]) {
			n++
			r.Drop()
			r.Drop()
		})
		j.Done(1)
		b.Wait()
		if n != 1 || j.State() != tevent.StateFree {
			b.Fatal(n, j.State())
		}
	})
}

// As tevent.
func TestS30CleanupRunsBeforeTheCallbackAndAtTheEnd(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		j := start(b.Ev, "job")
		cleanups(j, &s)
		j.Done(1)
		s.want(b, "cleanup done")
		b.Wait()
		s.want(b, "cleanup done", "callback", "cleanup ended")
	})
}

// As tevent; ours: it is kept for a later turn, not for an immediate.
func TestS31DeferDelaysOnlyTheCallback(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		j := start(b.Ev, "job")
		cleanups(j, &s)
		timerAt(b.Ev, 0, func() { j.Defer(); j.Done(1) })
		for j.InProgress() {
			b.Turn()
		}
		s.want(b, "cleanup done")
		b.Turn()
		s.want(b, "cleanup done", "callback", "cleanup ended")
	})
}

// As tevent.
func TestS32DeadlineEndsWithTheRequestFiresFromTheLoopAndIsReplaced(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		before := b.Ev.Now()
		j := start(b.Ev, "completes")
		done := watch(j.Req().SetTimeout(time.Hour))
		j.Done(1)
		late := start(b.Ev, "late")
		timedOut := watch(late.Req().SetTimeout(-time.Hour))
		if timedOut.calls != 0 || !late.InProgress() {
			b.Error("in place")
		}
		moved := start(b.Ev, "moved")
		replaced := watch(moved.Req().SetTimeout(-time.Hour).SetTimeout(time.Millisecond))
		b.Wait()
		if b.Ev.Now().Sub(before) >= time.Hour {
			b.Error("waited for a deadline that is gone")
		}
		if done.calls != 1 || done.err != nil {
			b.Error(done)
		}
		for _, o := range []*outcome{timedOut, replaced} {
			if o.calls != 1 || !errors.Is(o.err, os.ErrDeadlineExceeded) || !errors.Is(o.err, context.DeadlineExceeded) {
				b.Error(o)
			}
		}
		if b.Ev.Now().Sub(before) < time.Millisecond {
			b.Error("the first deadline fired")
		}
		late.Done(1)
		moved.Done(1)
	})
}

// As tevent.
func TestS33CancelOfWhatCannotIsRefusedAndChangesNothing(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		j := start(b.Ev, "job")
		o := watch(j.Req())
		if j.Req().Cancel() || !j.InProgress() {
			b.Fatal("it could not")
		}
		j.Done(1)
		b.Wait()
		if o.calls != 1 || o.v != 1 {
			b.Fatal(o)
		}
	})
}

// Ours: an error of its own, where tevent's _recv says EIO.
func TestS34ResultOfARequestInProgressSaysSo(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		j := start(b.Ev, "job")
		for range 2 {
			if _, err := j.Req().Result(); !errors.Is(err, tevent.ErrInProgress) {
				b.Fatal(err)
			}
		}
		j.Done(1)
		if v, err := j.Req().Result(); v != 1 || err != nil {
			b.Fatal(v, err)
		}
	})
}

// As tevent.
func TestS35EndOfAParentEndsWhatIsUnderIt(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		p, child, grandchild := start(b.Ev, "parent"), start(b.Ev, "child"), start(b.Ev, "grandchild")
		for _, j := range []*job{child, grandchild} {
			name := j.String()[:5]
			j.SetCancel(func(cause error) bool { s.add(name); return j.Fail(cause) })
		}
		grandchild.Req().Then(child, nil)
		child.Req().Then(p, nil)
		p.Req().Drop()
		b.Wait()
		s.want(b, "child", "grand")
		if child.State() != tevent.StateFree || grandchild.State() != tevent.StateFree {
			b.Fatal(child, grandchild)
		}
	})
}
