package kernel

import (
	"fmt"
	"hash/fnv"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// story is a hash of all that two processes see who talk over a bad network.
func story(seed uint64) uint64 {
	n := New(seed)
	n.Links.Loss, n.Links.Segment, n.Links.Latency = 0.1, Range{1, 100}, Range{1000, 1e6}
	a, b := n.Host(ip("10.0.0.1")), n.Host(ip("10.0.0.2"))
	p, q := a.Proc("a", alone{n}), b.Proc("b", alone{n})
	h := fnv.New64a()
	l, _ := q.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	q.Bind(l, inet("10.0.0.2:80"))
	q.Listen(l, 2)
	poller := q.Poller()
	poller.Add(l, 0, sys.Edge)
	for range 5 {
		fd, _ := p.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		p.Connect(fd, inet("10.0.0.2:80"))
		events := make([]sys.Event, 4)
		k, e := poller.Wait(events, n.Now()+100*second)
		fmt.Fprintln(h, n.Now(), events[:k], e)
		s, peer, e := q.Accept(l)
		fmt.Fprintln(h, s, peer, e)
		if e != 0 {
			continue
		}
		poller.Add(s, uint64(s), sys.Edge)
		m, e := p.Sendmsg(fd, msg([]byte(strings.Repeat("y", 5000))))
		fmt.Fprintln(h, m, e)
		for range 5 {
			k, e := poller.Wait(events, n.Now()+100*second)
			m, e2 := q.Recvmsg(s, msg(make([]byte, 3000)))
			fmt.Fprintln(h, n.Now(), events[:k], e, m, e2)
		}
		p.Close(fd)
	}
	var secret [8]byte
	p.Random(secret[:])
	fmt.Fprintln(h, secret, p.Open(), q.Open())
	return h.Sum64()
}

func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	told := map[uint64]bool{}
	for seed := range uint64(20) {
		first, again := story(seed), story(seed)
		if first != again {
			t.Fatalf("seed %d: two stories", seed)
		}
		told[first] = true
	}
	if len(told) != 20 {
		t.Fatalf("20 seeds tell %d stories", len(told))
	}
}

func TestTheAgendaKeepsTimeAndOrder(t *testing.T) {
	n := New(3)
	var got []int64
	last := int64(-1)
	count := 0
	for i := range 1000 {
		at := n.Now() + int64(n.Rand().IntN(50))
		cancel := n.At(at, func() {
			key := n.Now()*10000 + int64(i)
			got = append(got, key)
			count++
		})
		if i%3 == 0 {
			cancel()
		}
	}
	for n.Step() {
	}
	for _, key := range got {
		if key <= last {
			t.Fatal("out of order")
		}
		last = key
	}
	if count != 666 {
		t.Fatal(count)
	}
}
