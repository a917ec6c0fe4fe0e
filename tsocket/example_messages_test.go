//go:build linux

package tsocket_test

import (
	"fmt"
	"os"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// What one Send sends one Recv receives; what its buffer has no room for is lost,
// and it is told.
func ExampleMessages() {
	ev, err := tevent.New()
	if err != nil {
		panic(err)
	}
	defer ev.Close()
	a, b, err := tsocket.SocketpairMessages(ev)
	if err != nil {
		panic(err)
	}
	defer a.Close()
	defer b.Close()

	a.Send([]byte("one")).Ignore()
	a.Send([]byte("another, "), []byte("in two pieces")).Ignore()
	a.Send([]byte("the last")).Ignore()
	buf := make([]byte, 12)
	for range 3 {
		g, err := tevent.Wait(ev, b.Recv(buf))
		if err != nil {
			panic(err)
		}
		fmt.Printf("%q, truncated: %v\n", buf[:g.N], g.Truncated)
	}
	// Output:
	// "one", truncated: false
	// "another, in ", truncated: true
	// "the last", truncated: false
}

// An open file goes to the other end of a unix stream, with the bytes that say what
// it is.
func ExampleStream_RecvRights() {
	ev, err := tevent.New()
	if err != nil {
		panic(err)
	}
	defer ev.Close()
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		panic(err)
	}
	defer a.Close()
	defer b.Close()
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	defer w.Close()

	a.SendRights([]byte("pipe"), int(r.Fd())).Ignore()
	r.Close() // the stream has a duplicate
	what := make([]byte, 4)
	got, err := tevent.Wait(ev, b.RecvRights(what, make([]int, 1)))
	if err != nil {
		panic(err)
	}
	f := os.NewFile(uintptr(got.FDs[0]), string(what))
	defer f.Close()
	fmt.Fprint(w, "through the pipe")
	text := make([]byte, 16)
	f.Read(text)
	fmt.Printf("%s: %s\n", f.Name(), text)
	// Output:
	// pipe: through the pipe
}
