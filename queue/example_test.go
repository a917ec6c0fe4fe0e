package queue_test

import (
	"fmt"
	"log"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// line is a message that waits for its turn on the wire.
type line struct {
	tevent.Op[int]
	queue.Entry
	text string
}

// flush puts the line, and those behind it, on the wire as one.
func (l *line) flush() {
	var wire []byte
	for next := range queue.Batch(l) {
		next.Claim()
		wire = append(wire, next.text...)
		next.Done(len(next.text))
	}
	fmt.Printf("wire: %q\n", wire)
}

// Three messages are queued in one turn and leave as one.
func Example() {
	ev, err := tevent.New()
	if err != nil {
		log.Fatal(err)
	}
	defer ev.Close()
	q := queue.New(ev, "send")

	send := func(text string) tevent.Req[int] {
		l := &line{text: text}
		l.Start(ev, "send")
		l.SetBatch(q)
		queue.Add(q, l, len(text), (*line).flush)
		return l.Req()
	}
	sent, err := tevent.Wait(ev, tevent.All(ev, send("one,"), send("two,"), send("three")))
	fmt.Println(sent, err, q.Length())
	// Output:
	// wire: "one,two,three"
	// [4 4 5] <nil> 0
}

// Whoever finds no room waits for the low-water mark.
func ExampleQueue_Drained() {
	ev, err := tevent.New()
	if err != nil {
		log.Fatal(err)
	}
	defer ev.Close()
	q := queue.New(ev, "send")
	q.SetLimits(queue.Limits{Entries: 1})

	l := &line{text: "full"}
	l.Start(ev, "send")
	queue.Add(q, l, len(l.text), (*line).flush)
	l.Req().Ignore()
	fmt.Println(q.Room(4))
	if _, err := tevent.Wait(ev, q.Drained()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(q.Room(4))
	// Output:
	// false
	// wire: "full"
	// true
}
