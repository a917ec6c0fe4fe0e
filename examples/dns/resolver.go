package main

import (
	"encoding/binary"
	"errors"
	"maps"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"

	"golang.org/x/net/dns/dnsmessage"
)

// maxParallel leaves most of the 65536 numbers to guess from.
const maxParallel = 1000

// resolver has many questions in flight at one server, through one endpoint. It
// receives while there are any.
type resolver struct {
	tevent.Op[tevent.None]
	ev        *tevent.Context
	server    tsocket.Address
	timeout   time.Duration
	d         *tsocket.Dgram
	q         *queue.Queue
	queries   map[uint16]*query // in flight, by their numbers
	receiving bool
	buf       [4096]byte
	ignored   int // datagrams that were nobody's answer
}

// newResolver lives until its parent ends.
func newResolver(ev *tevent.Context, server tsocket.Address, timeout time.Duration) (*resolver, error) {
	d, err := openSecretly(ev, server)
	if err != nil {
		return nil, err
	}
	r := &resolver{ev: ev, server: server, timeout: timeout, d: d, q: queue.New(ev, "questions"), queries: map[uint16]*query{}}
	r.Start(ev, "resolver")
	r.Own(d)
	r.Own(r.q)
	return r, nil
}

// openSecretly opens an endpoint that hears the server only, on a port that
// cannot be guessed.
func openSecretly(ev *tevent.Context, server tsocket.Address) (*tsocket.Dgram, error) {
	local := netip.IPv4Unspecified()
	if server.AddrPort().Addr().Is6() {
		local = netip.IPv6Unspecified()
	}
	for left := 10; ; left-- {
		port := secret(ev)
		for port < 1024 {
			port = secret(ev)
		}
		d, err := tsocket.OpenDgram(ev, tsocket.Inet(netip.AddrPortFrom(local, port)), server)
		if left == 0 || !errors.Is(err, syscall.EADDRINUSE) {
			return d, err
		}
	}
}

func secret(ev *tevent.Context) uint16 {
	var b [2]byte
	ev.Secret(b[:])
	return binary.BigEndian.Uint16(b[:])
}

// newID is a number that cannot be guessed and is not in flight.
func (r *resolver) newID() uint16 {
	id := secret(r.ev)
	for r.queries[id] != nil {
		id = secret(r.ev)
	}
	return id
}

// Ask completes with the answer to a question.
//
// Errors: rcodeError, *unansweredError, what packing or reading a message finds.
func (r *resolver) Ask(question dnsmessage.Question) tevent.Req[answer] {
	q := &query{r: r, id: r.newID(), question: question}
	q.Start(r.ev, "query")
	q.SetCleanup(q.forget)
	r.queries[q.id] = q
	var err error
	if q.packet, err = pack(q.id, question); !q.Fail(err) {
		q.send()
		r.receive()
	}
	return q.Req()
}

func (r *resolver) receive() {
	if !r.receiving && len(r.queries) > 0 {
		r.receiving = true
		tevent.Handle(r.d.Recvfrom(r.buf[:]), r, (*resolver).got)
	}
}

func (r *resolver) got(d tsocket.Datagram, err error) {
	r.receiving = false
	switch {
	case errors.Is(err, net.ErrClosed):
		r.Fail(err)
		return
	case err != nil: // what the network says of something that was sent
		for _, id := range slices.Sorted(maps.Keys(r.queries)) {
			r.queries[id].lost(err)
		}
	case d.From != r.server || !r.deliver(r.buf[:d.N], d.Truncated):
		r.ignored++
	}
	r.receive()
}

// deliver gives a message to the query it answers, if there is one.
func (r *resolver) deliver(msg []byte, cut bool) bool {
	o, err := open(msg)
	if err != nil {
		return false
	}
	q := r.queries[o.ID]
	if q == nil || !o.isAbout(q.question) {
		return false
	}
	q.answered(o, cut || o.Truncated)
	return true
}
