//go:build linux

package tevent_test

import (
	"fmt"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
)

// As tevent.
func TestS13ReadAndWriteInOneCall(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		p := b.Pair()
		p.Send()
		var s told
		b.Watch(p.FD(), r|w, s.handler())
		b.Turn()
		s.want(b, r|w)
	})
}

// As tevent.
func TestS14UndrainedDescriptorsFireAgainAndAlternate(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var counts [2]int
		for i := range counts {
			p := b.Pair()
			p.Send()
			b.Watch(p.FD(), tevent.FDRead, func(tevent.Flags) { counts[i]++ })
		}
		for n := 1; n <= 4; n++ {
			b.Turn()
			if counts != [2]int{n, n} {
				b.Fatal(counts)
			}
		}
	})
}

// Ours: tevent forgets the WRITE of a handler that asks for nothing else.
func TestS15WriterOfAHungUpDescriptorIsTold(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		p := b.Pair()
		p.HangUp()
		var s told
		b.Watch(p.FD(), w, s.handler())
		b.Turn()
		s.want(b, w)
		b.Turn() // again, as long as it lasts
		s.want(b, w)
	})
}

// As tevent.
func TestS16ErrorAloneTellsOfAHangUp(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		p := b.Pair()
		var s told
		b.Watch(p.FD(), e, s.handler())
		p.Send()
		b.Look() // bytes are not its business
		s.want(b)
		p.HangUp()
		b.Turn()
		s.want(b, e)
	})
}

// As tevent.
func TestS17HandlersOfOneDescriptorAreServedInTurnWithTheirOwnFlags(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		p := b.Pair()
		p.Send()
		var s steps
		b.Watch(p.FD(), r, func(f tevent.Flags) { s.add(fmt.Sprint("r", f)) })
		b.Watch(p.FD(), w, func(f tevent.Flags) { s.add(fmt.Sprint("w", f)) })
		b.Watch(p.FD(), r|w, func(f tevent.Flags) { s.add(fmt.Sprint("rw", f)) })
		for range 6 {
			b.Turn()
		}
		s.want(b, "r1", "w2", "rw3", "r1", "w2", "rw3")
	})
}

// As tevent.
func TestS18LoopWaitDoesNotWaitForDescriptorsThatAskForNothing(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		p := b.Pair()
		fd := b.Watch(p.FD(), tevent.FDRead, func(tevent.Flags) { b.Error("called") })
		if err := fd.SetFlags(0); err != nil {
			b.Fatal(err)
		}
		p.Send()
		b.Wait()
	})
}

// As tevent; not in Go: the context among the arguments, because the function
// knows it or needs it not.
func TestS22CloseFunctionRunsOnceAlsoWhenTheContextDiesFirst(t *testing.T) {
	for _, first := range []string{"fd", "context"} {
		t.Run(first, func(t *testing.T) {
			bt.Each(t, func(b *bt.Backend) {
				p := b.Pair()
				n := 0
				fd := b.Watch(p.FD(), tevent.FDRead, nil)
				fd.SetClose(func(got int) error {
					if n++; got != p.FD() {
						b.Error(got)
					}
					return nil
				})
				if first == "fd" {
					fd.Close()
				}
				b.Ev.Close()
				fd.Close()
				if n != 1 {
					b.Fatal(n)
				}
			})
		})
	}
}
