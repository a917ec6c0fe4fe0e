package tsocket_test

import (
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// What Buffered lends stands in the books, with its line, until Consume.
func TestBufferedIsALoanInTheBooks(t *testing.T) {
	ev := teventtest.New(t)
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	defer b.Close()
	a.Send([]byte("loan")).Ignore()
	got, err := tevent.Wait(ev, b.Peek(4))
	if err != nil || string(got) != "loan" {
		t.Fatalf("%q, %v", got, err)
	}
	b.Consume(1)
	if n := loans(ev); n != 0 {
		t.Error(n, "loans after Consume")
	}
	for range 2 { // the second is the same loan
		if got := b.Buffered(); string(got) != "oan" {
			t.Errorf("%q", got)
		}
	}
	if n := loans(ev); n != 1 {
		t.Error(n, "loans after Buffered")
	}
	b.Consume(3)
	if n := loans(ev); n != 0 {
		t.Error(n, "loans at the end")
	}
}

// loans counts lent buffers whose place is in this file.
func loans(ev *tevent.Context) int {
	n := 0
	for item := range ev.Items() {
		if item.Kind == tevent.KindBuffer && strings.Contains(item.Created, "buffered_test.go") {
			n++
		}
	}
	return n
}
