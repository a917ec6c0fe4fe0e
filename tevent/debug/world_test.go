package debug

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a system whose clock the test moves; sleeping until a deadline moves
// it there.
type world struct {
	t     testing.TB
	ev    *tevent.Context
	h     *Handler
	clock clock
}

type clock struct {
	sys.Kernel
	now *int64
}

func (c clock) Now() int64     { return *c.now }
func (clock) Start() time.Time { return time.Unix(1000, 0) }

var _ sys.Poller = (*world)(nil)

// newWorld is a context that is shown as "main".
func newWorld(t testing.TB, c Config) *world {
	t.Helper()
	w := &world{t: t, clock: clock{now: new(int64)}, h: New(c)}
	*w.clock.now = int64(time.Hour)
	w.ev = tevent.NewOn(w.clock, w, nil)
	teventtest.Watch(t, w.ev)
	w.ev.SetTracking(c.Places)
	w.h.Add("main", w.ev)
	return w
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { *w.clock.now += int64(d) }

func (w *world) turn() {
	w.t.Helper()
	if err := w.ev.LoopOnce(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) Add(int, uint64, sys.Mode) sys.Errno   { return 0 }
func (w *world) Want(int, uint64, sys.Ready) sys.Errno { return 0 }
func (w *world) Keeps() bool                           { return false }
func (w *world) Del(int, uint64) sys.Errno             { return 0 }
func (w *world) Wake()                                 {}
func (w *world) Close()                                {}
func (w *world) Wait(_ []sys.Event, at int64) (int, sys.Errno) {
	if at > *w.clock.now && at != sys.Never {
		*w.clock.now = at
	}
	return 0, 0
}

// callback schedules a callback that takes d.
func (w *world) callback(d time.Duration) {
	tevent.NewImmediate(w.ev, func() { w.pass(d) }).Schedule()
}

// get asks for a path and fails the test unless that is found.
func get(t testing.TB, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRecorder()
	h.ServeHTTP(r, httptest.NewRequest("GET", "http://localhost"+path, nil))
	if r.Code != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, r.Code, r.Body)
	}
	return r
}

// read is the data of the page.
func read(t testing.TB, h http.Handler) (s state) {
	t.Helper()
	if err := json.Unmarshal(get(t, h, "/?format=json").Body.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// state asks, lets the loop answer, and asks again: the second time it shows what
// the loop has answered.
func (w *world) state() contextState {
	w.t.Helper()
	read(w.t, w.h)
	w.turn()
	return read(w.t, w.h).Contexts[0]
}

// atOnce is the Wait of handlers whose loop the test itself runs.
const atOnce = time.Nanosecond

// job is a request whose outcome the test fixes.
type job struct{ tevent.Op[int] }

func (w *world) start(name string) *job {
	j := &job{}
	j.Start(w.ev, name)
	return j
}

func (j *job) end() {
	j.Done(1)
	j.Req().Drop()
}
