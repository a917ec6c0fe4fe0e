//go:build linux

package tevent_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// requests runs n requests of one Op each per turn.
func requests(b *testing.B, n int) {
	ev := quiet(b)
	jobs := make([]job, n)
	done := 0
	f := func(r tevent.Req[int]) {
		if v, err := r.Result(); v == 1 && err == nil {
			done++
		}
	}
	cycle := func(k int) {
		for i := range jobs[:k] {
			j := &jobs[i]
			j.Start(ev, "job")
			j.Req().SetCallback(f)
			j.Done(1)
		}
		if err := ev.LoopOnce(); err != nil {
			b.Fatal(err)
		}
	}
	cycle(n)
	done = 0
	b.ReportAllocs()
	b.ResetTimer()
	for left := b.N; left > 0; left -= n {
		cycle(min(n, left))
	}
	b.StopTimer()
	if done != b.N {
		b.Fatalf("%d of %d done", done, b.N)
	}
}

// BenchmarkReq is start, done and callback of a reused Op, 1000 in a turn with
// its system calls.
func BenchmarkReq(b *testing.B) { requests(b, 1000) }

// BenchmarkReqPerTurn is one in a turn.
func BenchmarkReqPerTurn(b *testing.B) { requests(b, 1) }

// besidePending sets and stops a timer beside others that are pending.
func besidePending(b *testing.B, pending int) {
	ev := quiet(b)
	others := make([]tevent.Timer, pending)
	for i := range others {
		others[i].Init(ev, func() {})
		others[i].Reset(time.Hour + time.Duration(i*7919%pending)*time.Millisecond)
	}
	timer := tevent.NewTimer(ev, func() {})
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		timer.Reset(time.Hour + time.Duration(i*104729%pending)*time.Millisecond)
		if i++; !timer.Stop() {
			b.Fatal("not armed")
		}
	}
	b.StopTimer()
	for i := range others {
		others[i].Stop()
	}
}

// BenchmarkTimer10k sets and stops a timer beside 10 000 that are pending.
func BenchmarkTimer10k(b *testing.B) { besidePending(b, 10_000) }

// BenchmarkTimer1M sets and stops a timer beside a million that are pending.
func BenchmarkTimer1M(b *testing.B) { besidePending(b, 1_000_000) }

// BenchmarkTimerAny1M moves any one of a million pending timers, set in no order.
func BenchmarkTimerAny1M(b *testing.B) {
	ev := quiet(b)
	const pending = 1_000_000
	timers := make([]tevent.Timer, pending)
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range timers {
		timers[i].Init(ev, func() {})
		timers[i].Reset(time.Hour + time.Duration(chance.Int64N(int64(time.Hour))))
	}
	b.ReportAllocs()
	for b.Loop() {
		timers[chance.IntN(pending)].Reset(time.Hour + time.Duration(chance.Int64N(int64(time.Hour))))
	}
	b.StopTimer()
	for i := range timers {
		timers[i].Stop()
	}
}

// BenchmarkTimerFire1M fires timers of a million that are pending; each is armed
// again for a later time in its function.
func BenchmarkTimerFire1M(b *testing.B) {
	w, ev := newWorld(b)
	ev.SetTracking(false)
	ev.SetWaitTimeout(0)
	const pending = 1_000_000
	timers := make([]tevent.Timer, pending)
	chance := rand.New(rand.NewPCG(1, 2))
	fired := 0
	for i := range timers {
		t := &timers[i]
		t.Init(ev, func() {
			fired++
			t.Reset(time.Second + time.Duration(chance.Int64N(int64(time.Second))))
		})
		t.Reset(time.Duration(chance.Int64N(int64(2 * time.Second))))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for fired < b.N {
		w.pass(time.Millisecond)
		if err := ev.LoopOnce(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(fired), "ns/fire")
	b.StopTimer()
	for i := range timers {
		timers[i].Stop()
	}
}

// BenchmarkPost posts from the loop's goroutine, as many in a turn as it runs.
func BenchmarkPost(b *testing.B) {
	ev := quiet(b)
	const perTurn = 256
	n, posted := 0, 0
	f := func() { n++ }
	b.ReportAllocs()
	for b.Loop() {
		ev.Post(f)
		if posted++; posted%perTurn == 0 {
			_ = ev.LoopOnce()
		}
	}
	_ = ev.LoopOnce()
	if n != posted {
		b.Fatalf("%d of %d ran", n, posted)
	}
}
