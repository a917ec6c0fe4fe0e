package queue_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// fixture is a queue on a watched context, and what has happened.
type fixture struct {
	testing.TB
	ev  *tevent.Context
	q   *queue.Queue
	log []string
	all []*job
}

func setUp(t *testing.T) *fixture {
	ev := teventtest.New(t)
	ev.SetWaitTimeout(0)
	return &fixture{TB: t, ev: ev, q: queue.New(ev, "test")}
}

// job notes when it begins and how it ends; it works until the test ends it.
type job struct {
	tevent.Op[int]
	queue.Entry
	f    *fixture
	name string
	then func() // what its trigger does
}

// job returns a started job whose outcome is noted.
func (f *fixture) job(name string) *job {
	j := f.silent(name)
	j.Req().SetCallback(j.noteEnd)
	return j
}

// silent returns a started job to whose request nobody has attended.
func (f *fixture) silent(name string) *job {
	j := &job{f: f, name: name, then: func() {}}
	j.Start(f.ev, name)
	f.all = append(f.all, j)
	return j
}

func (j *job) begin() {
	j.f.note(j.name + " begins")
	j.then()
}

func (j *job) noteEnd(r tevent.Req[int]) {
	v, err := r.Result()
	switch {
	case err != nil:
		j.f.note(j.name + " fails: " + err.Error())
	default:
		j.f.note(j.name + "=" + strconv.Itoa(v))
	}
}

// add adds jobs of one byte.
func (f *fixture) add(names ...string) []*job {
	var all []*job
	for _, name := range names {
		j := f.job(name)
		queue.Add(f.q, j, 1, (*job).begin)
		all = append(all, j)
	}
	return all
}

// batch adds jobs of one byte with a key.
func (f *fixture) batch(key any, names ...string) []*job {
	var all []*job
	for _, name := range names {
		j := f.job(name)
		j.SetBatch(key)
		queue.Add(f.q, j, 1, (*job).begin)
		all = append(all, j)
	}
	return all
}

// blocker adds a job without a trigger.
func (f *fixture) blocker(name string) *job {
	j := f.job(name)
	addBlocker(f, j)
	return j
}

func (f *fixture) note(what string) { f.log = append(f.log, what) }

func (f *fixture) turn() {
	f.Helper()
	if err := f.ev.LoopOnce(); err != nil {
		f.Fatal(err)
	}
}

// finish ends every job there was, at work or not.
func (f *fixture) finish() {
	for _, j := range f.all {
		if j.InProgress() {
			j.Done(0)
		}
		j.Req().Drop()
	}
	f.turn()
	f.wantLength(0)
}

// want compares what has happened since the last call.
func (f *fixture) want(what ...string) {
	f.Helper()
	if !slices.Equal(f.log, what) {
		f.Fatalf("happened: %q, want %q", f.log, what)
	}
	f.log = nil
}

// wantNext runs a turn and compares what has happened.
func (f *fixture) wantNext(what ...string) {
	f.Helper()
	f.turn()
	f.want(what...)
}

func (f *fixture) wantLength(n int) {
	f.Helper()
	if got := f.q.Length(); got != n {
		f.Fatalf("length %d, want %d", got, n)
	}
}

// wantPanic runs what must panic.
func (f *fixture) wantPanic(what string, call func()) {
	f.Helper()
	defer func() {
		f.Helper()
		if recover() == nil {
			f.Fatal(what, "does not panic")
		}
	}()
	call()
}

var errTest = errors.New("broken")

func addBlocker(f *fixture, j *job) { queue.Add[*job](f.q, j, 0, nil) }
