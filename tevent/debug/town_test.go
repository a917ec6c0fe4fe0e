//go:build browser

package debug_test

import (
	"context"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/debug"
	"github.com/tsocket-go/tsocket/tsocket"
)

// town is a busy program of three loops: a market with its clients, timers that
// tick, and a loop that is stuck in a callback.
func town(t *testing.T, d *debug.Handler) {
	run(t, d, "market", (*market).open)
	run(t, d, "ticks", (*market).tick)
	run(t, d, "imports", (*market).stall)
}

// market is what lives on one loop.
type market struct {
	tevent.Op[tevent.None]
	t          *testing.T
	ev         *tevent.Context
	q, returns *queue.Queue
	done       chan struct{} // closed at the end of the test
}

// run runs a loop until the end of the test.
func run(t *testing.T, d *debug.Handler, name string, begin func(*market)) {
	ev, err := tevent.New()
	if err != nil {
		t.Fatal(err)
	}
	d.Add(name, ev)
	ctx, cancel := context.WithCancel(context.Background())
	m := &market{t: t, ev: ev, done: make(chan struct{})}
	m.Start(ev, name)
	begin(m)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = ev.Serve(ctx)
		_ = ev.Close()
	}()
	t.Cleanup(func() {
		close(m.done)
		cancel()
		<-ended
	})
}

// client waits for the bytes of one stream.
type client struct {
	tevent.Op[tevent.None]
	s, peer *tsocket.Stream
	n       int
}

func (m *market) open() {
	for i := range 240 {
		c := &client{n: i}
		c.Start(m.ev, "client")
		c.s, c.peer = tsocket.Pipe(m.ev, tsocket.PipeConfig{})
		c.Own(c.s)
		c.Own(c.peer)
		tevent.Handle(c.Req(), m, (*market).left)
		c.read()
		if i < 40 {
			c.chat()
		}
	}
	m.evil()
	m.orders()
	m.slowly()
}

func (m *market) left(tevent.None, error) {}

func (c *client) read() {
	w := &waiting{}
	w.Start(c.s.Context(), "waiting for bytes")
	tevent.Handle(c.s.Peek(1), w, (*waiting).got)
	tevent.Handle(w.Req(), c, (*client).got)
}

// waiting ends with the bytes of a stream.
type waiting struct{ tevent.Op[int] }

func (w *waiting) got(b []byte, err error) { w.Finish(len(b), err) }

func (c *client) got(n int, err error) {
	if c.Fail(err) {
		return
	}
	c.s.Consume(n)
	c.read()
}

// chat writes to the client every few milliseconds.
func (c *client) chat() {
	tevent.Handle(tevent.Sleep(c.s.Context(), time.Duration(3+c.n%7)*time.Millisecond), c, (*client).slept)
}

func (c *client) slept(tevent.None, error) {
	tevent.Handle(c.peer.Send([]byte("hello")), c, (*client).wrote)
}

func (c *client) wrote(int, error) { c.chat() }

func (m *market) evil() {
	e := &client{}
	e.Start(m.ev, "<script>document.title='owned'</script>")
	tevent.Handle(e.Req(), m, (*market).left)
}

// order is at work for ever.
type order struct {
	tevent.Op[tevent.None]
	queue.Entry
}

func (o *order) begin() {}

func (m *market) orders() {
	m.q = queue.New(m.ev, "orders")
	for i := range 37 {
		o := &order{}
		o.Start(m.ev, "order")
		tevent.Handle(o.Req(), m, (*market).left)
		queue.Add(m.q, o, 700+i, (*order).begin)
	}
	m.returns = queue.New(m.ev, "returns")
}

// slowly has a callback now and then that takes 12 ms.
func (m *market) slowly() {
	tevent.Handle(tevent.Sleep(m.ev, 400*time.Millisecond), m, (*market).counted)
}

func (m *market) counted(tevent.None, error) {
	m.work(12 * time.Millisecond)
	m.slowly()
}

// work keeps the loop busy.
func (m *market) work(d time.Duration) {
	for end := m.ev.Now().Add(d); m.ev.Now().Before(end); {
	}
}

func (m *market) tick() { tevent.Handle(tevent.Sleep(m.ev, 50*time.Millisecond), m, (*market).ticked) }

func (m *market) ticked(tevent.None, error) { m.tick() }

// stall blocks its loop until the end of the test.
func (m *market) stall() {
	for range 3 {
		o := &order{}
		o.Start(m.ev, "import")
		tevent.Handle(o.Req(), m, (*market).left)
	}
	m.tick()
	tevent.Handle(tevent.Sleep(m.ev, 1200*time.Millisecond), m, (*market).stalled)
}

func (m *market) stalled(tevent.None, error) { <-m.done }
