//go:build linux

package tsocket_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestMessagesAllocNothing(t *testing.T) {
	for name, open := range map[string]func(ev *tevent.Context) (a, b *tsocket.Messages){
		"seqpacket": func(ev *tevent.Context) (a, b *tsocket.Messages) { return messagePair(t, ev) },
		"framed": func(ev *tevent.Context) (a, b *tsocket.Messages) {
			x, y := socketpair(t, ev)
			return tsocket.FrameMessages(x), tsocket.FrameMessages(y)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ev, err := tevent.New()
			must(t, err)
			defer ev.Close()
			a, b := open(ev)
			defer a.Close()
			defer b.Close()
			text, buf := make([]byte, 64), make([]byte, 100)
			noAllocs(t, func() {
				r := a.Send(text)
				if g, err := tevent.Wait(ev, b.Recv(buf)); g.N != 64 || err != nil {
					t.Fatal(g, err)
				}
				if n, err := tevent.Wait(ev, r); n != 64 || err != nil {
					t.Fatal(n, err)
				}
			})
		})
	}
}
