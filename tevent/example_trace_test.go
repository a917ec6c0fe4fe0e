package tevent_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/tsocket-go/tsocket/tevent"
)

// fetch asks for a page: it connects, then reads, and retries a broken read.
type fetch struct {
	tevent.Op[string]
	ev    *tevent.Context
	tries int
}

func newFetch(ev *tevent.Context) tevent.Req[string] {
	f := &fetch{ev: ev}
	f.Start(ev, "fetch")
	after1ms(ev, "connect").Then(f, f.connected)
	return f.Req()
}

func (f *fetch) connected(tevent.None) { after1ms(f.ev, "read").Then(f, f.read) }

func (f *fetch) read(tevent.None) {
	if f.tries++; f.tries < 2 {
		f.connected(tevent.None{})
		return
	}
	f.Done("page")
}

// step is a request that a Sleep finishes.
type step struct {
	tevent.Op[tevent.None]
}

func after1ms(ev *tevent.Context, name string) tevent.Req[tevent.None] {
	s := &step{}
	s.Start(ev, name)
	tevent.Sleep(ev, 1).Then(s, s.Done)
	return s.Req()
}

// The depth of requests in the trace is the flow of calls, indented.
func ExampleContext_SetTrace() {
	ev, err := tevent.New()
	if err != nil {
		log.Fatal(err)
	}
	defer ev.Close()
	ev.SetTrace(func(e *tevent.TraceEvent) {
		if e.Kind != tevent.KindRequest {
			return
		}
		switch e.Point {
		case tevent.BeforeHandler, tevent.Finished, tevent.Cancelled:
			fmt.Printf("%s%s: %s\n", strings.Repeat("  ", e.Depth), e.Name, e.Point)
		}
	})
	page, err := tevent.Wait(ev, newFetch(ev))
	fmt.Println(page, err)
	// Output:
	//     sleep: finished
	//     sleep: before handler
	//   connect: finished
	//   connect: before handler
	//     sleep: finished
	//     sleep: before handler
	//   read: finished
	//   read: before handler
	//     sleep: finished
	//     sleep: before handler
	//   read: finished
	//   read: before handler
	// fetch: finished
	// page <nil>
}
