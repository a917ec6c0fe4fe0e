//go:build linux

package tsocket_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func queues(ev *tevent.Context) (names []string, bytes int) {
	for q := range ev.Queues() {
		names = append(names, q.Name())
		bytes += q.Bytes()
	}
	return names, bytes
}

// A stream that cannot keep up is seen among the queues of its context, with
// what is left and how long ago that was asked for.
func TestASendQueueThatIsBehindIsListed(t *testing.T) {
	ev := teventtest.New(t)
	a, b, err := tsocket.Socketpair(ev)
	must(t, err)
	closing(t, a, b)
	a.Send(make([]byte, 10)).Ignore()
	turns(t, ev, 2)
	if names, _ := queues(ev); names != nil {
		t.Fatalf("listed %q, although everything was sent", names)
	}
	const size = 8 << 20
	r := a.Send(make([]byte, size))
	turns(t, ev, 2)
	names, bytes := queues(ev)
	if len(names) != 1 || bytes == 0 || bytes >= size {
		t.Fatalf("listed %q with %d bytes", names, bytes)
	}
	for q := range ev.Queues() {
		if q.Length() != 1 || q.Age() < 0 {
			t.Errorf("%d messages, age %v", q.Length(), q.Age())
		}
	}
	rest := b.Readv(make([]byte, 10+size))
	_, err = tevent.Wait(ev, r)
	must(t, err)
	_, err = tevent.Wait(ev, rest)
	must(t, err)
	for q := range ev.Queues() {
		if q.Length() != 0 || q.Bytes() != 0 || q.Age() != 0 {
			t.Errorf("%d messages, %d bytes, age %v, although everything was sent", q.Length(), q.Bytes(), q.Age())
		}
	}
	a.Close()
	if names, _ := queues(ev); names != nil {
		t.Errorf("listed %q, although it is closed", names)
	}
}
