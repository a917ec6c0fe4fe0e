package main

import (
	"fmt"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"

	"golang.org/x/net/dns/dnsmessage"
)

// tries is how often a question is sent at most. The wait for the answer doubles
// each time: 1, 2 and 4 parts of 7.
const tries = 3

// query is one question in flight: send → (sent | unanswered → send)* →
// answered, and from there to the end or to a TCP connection.
type query struct {
	tevent.Op[answer]
	r        *resolver
	id       uint16
	question dnsmessage.Question
	packet   []byte
	tried    int
	waiting  tevent.Req[tevent.None]
	cause    error // that the network gave
}

// unansweredError is that of a question to which no answer came. It matches
// what the network said, if anything.
type unansweredError struct {
	tried int
	cause error
}

func (e *unansweredError) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("no answer, asked %d times: %v", e.tried, e.cause)
	}
	return fmt.Sprintf("no answer, asked %d times", e.tried)
}

func (e *unansweredError) Unwrap() error { return e.cause }

func (q *query) forget(tevent.State) { delete(q.r.queries, q.id) }

// send asks, or asks again; the server may have been heard and not answered in
// time, so the number stays and each answer is good.
func (q *query) send() {
	if q.tried == tries {
		q.Fail(&unansweredError{q.tried, q.cause})
		return
	}
	q.waiting = tevent.Sleep(q.r.ev, q.r.timeout/7<<q.tried)
	q.tried++
	tevent.Then(q.waiting, q, (*query).unanswered)
	tevent.Handle(q.r.d.SendtoQueue(q.r.q, q.packet, tsocket.Address{}), q, (*query).sent)
}

func (q *query) sent(_ int, err error) {
	if err != nil {
		q.lost(err)
	}
}

func (q *query) unanswered(tevent.None) { q.send() }

// lost is that the network says that nobody heard it.
func (q *query) lost(err error) {
	if q.waiting.InProgress() { // else it is answered and goes on by TCP
		q.cause = err
		q.waiting.Drop()
		q.send()
	}
}

// answered ends the wait. A message that is cut is fetched by TCP, in what is left
// of the time.
func (q *query) answered(o opened, cut bool) {
	q.waiting.Drop()
	if cut {
		deadline := q.Started().Add(q.r.timeout)
		fetch(q.r.ev, q.r.server, q.packet).SetDeadline(deadline).Handle(q, q.fetched)
		return
	}
	a, err := o.read()
	q.Finish(a, err)
}

func (q *query) fetched(msg []byte, err error) {
	var o opened
	if err == nil {
		o, err = open(msg)
	}
	if err == nil && (o.ID != q.id || !o.isAbout(q.question)) {
		err = errNoAnswer
	}
	if err != nil {
		q.Fail(fmt.Errorf("the answer is cut, and by TCP: %w", err))
		return
	}
	a, err := o.read()
	a.tcp = true
	q.Finish(a, err)
}
