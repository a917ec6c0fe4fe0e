package tsocket_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// traffic writes numbered messages of random length through two queues and the
// stream's own, and cancels some of them.
type traffic struct {
	*writing
	rng    *rand.Rand
	s      *tsocket.Stream
	queues [2]*queue.Queue
	posts  []*post
	ended  int
}

// post is one message: its number and length, four bytes each, and a pattern.
type post struct {
	way  int // a queue, or the stream's own
	text []byte
	req  tevent.Req[int]
	n    int
	err  error
}

func (f *traffic) send() {
	p := &post{way: f.rng.IntN(3), text: make([]byte, 8+f.rng.IntN(1<<f.rng.IntN(13)))}
	binary.BigEndian.PutUint32(p.text, uint32(len(f.posts)))
	binary.BigEndian.PutUint32(p.text[4:], uint32(len(p.text)))
	for i := range p.text[8:] {
		p.text[8+i] = byte(i)
	}
	f.posts = append(f.posts, p)
	cut := f.rng.IntN(len(p.text))
	if p.way == 2 {
		p.req = f.s.Send(p.text[:cut], p.text[cut:])
	} else {
		p.req = f.s.WritevQueue(f.queues[p.way], p.text[:cut], p.text[cut:])
	}
	p.req.SetCallback(func(r tevent.Req[int]) {
		p.n, p.err = r.Result()
		clear(p.text[8:]) // it is the caller's again
		f.ended++
	})
}

// arrived checks what the peer got: whole messages, those of one way in their
// order, all that were begun and no others.
func (f *traffic) arrived(got []byte) {
	f.Helper()
	seen := map[uint32]bool{}
	last := [3]int64{-1, -1, -1}
	for len(got) > 0 {
		number, size := binary.BigEndian.Uint32(got), binary.BigEndian.Uint32(got[4:])
		p := f.posts[number]
		if int(size) != len(p.text) || last[p.way] >= int64(number) {
			f.Fatalf("message %d of %d bytes behind %d", number, size, last[p.way])
		}
		for i, b := range got[8:size] {
			if b != byte(i) {
				f.Fatalf("message %d differs at %d", number, 8+i)
			}
		}
		last[p.way], seen[number] = int64(number), true
		got = got[size:]
	}
	for i, p := range f.posts {
		if (p.n > 0) != seen[uint32(i)] || (p.err == nil) != (p.n == len(p.text)) {
			f.Fatalf("message %d: %d of %d bytes, %v, arrived: %v", i, p.n, len(p.text), p.err, seen[uint32(i)])
		}
	}
}

// S14, Q1, R11, over seeded pieces: nothing is torn, doubled or lost, and
// counts are exact.
func TestQueuedWritesAreWholeInOrderAndCountedUnderCancellation(t *testing.T) {
	for seed := uint64(1); seed <= 40; seed++ {
		w := startWriting(t)
		rng := rand.New(rand.NewPCG(seed, 0))
		a, b := tsocket.Pipe(w.ev, tsocket.PipeConfig{Buffer: 1 + rng.IntN(4000), Seed: seed})
		f := &traffic{writing: w, rng: rng, s: a, queues: [2]*queue.Queue{w.q, queue.New(w.ev, "other")}}
		var got []byte
		for range 300 {
			switch k := rng.IntN(8); {
			case k < 3:
				f.send()
			case k == 3 && len(f.posts) > 0:
				f.posts[len(f.posts)-1-rng.IntN(min(len(f.posts), 8))].req.Cancel()
			case k == 4:
				w.turn()
			default:
				r := b.Peek(1)
				some, _ := r.Result() // nothing, if nothing is there
				got = append(got, some...)
				b.Consume(len(some))
				r.Drop()
			}
		}
		a.SendShutdown().Ignore()
		all := readAll(w, b, got)
		w.until("all have ended", func() bool { return f.ended == len(f.posts) })
		f.arrived(all)
		a.Close()
		b.Close()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// readAll appends what comes up to the end of the stream.
func readAll(w *writing, s *tsocket.Stream, got []byte) []byte {
	for {
		some, err := tevent.Wait(w.ev, s.Peek(1))
		if err != nil {
			return got
		}
		got = append(got, some...)
		s.Consume(len(some))
	}
}
