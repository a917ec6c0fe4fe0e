package sim_test

import (
	"fmt"
	"time"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tsocket"
)

// meter is a server that adds up what its client reports.
type meter struct {
	tevent.Op[tevent.None]
	s     *tsocket.Stream
	count *int
}

func (m *meter) accepted(s *tsocket.Stream) {
	m.s = s
	m.Own(s)
	m.read()
}

func (m *meter) read() { tevent.Then(readv.PDU(m.s, readv.Fixed(1), nil), m, (*meter).got) }

func (m *meter) got([]byte) {
	*m.count++
	if *m.count == 10 {
		m.Done(tevent.None{})
		return
	}
	m.read()
}

// Ten reports, one a second, survive that the hosts are cut off from each
// other for a minute.
func ExampleWorld() {
	w := sim.New(42)
	defer w.Close()
	a, b := w.Host("10.0.0.1"), w.Host("10.0.0.2")
	addr, _ := tsocket.ParseAddress("10.0.0.1:7000")
	count := 0
	a.Go("server", func(ev *tevent.Context) {
		l, err := tsocket.Listen(ev, addr)
		if err != nil {
			panic(err)
		}
		m := &meter{count: &count}
		m.Start(ev, "meter")
		m.Own(l)
		l.Accept().Then(m, m.accepted)
		_, _ = tevent.Wait(ev, m.Req())
	})
	b.Go("client", func(ev *tevent.Context) {
		s, err := tevent.Wait(ev, tsocket.Connect(ev, addr))
		if err != nil {
			panic(err)
		}
		defer s.Close()
		for range 10 {
			_, _ = tevent.Wait(ev, s.Send([]byte{1}))
			_, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Second))
		}
	})
	_ = w.RunFor(5500 * time.Millisecond)
	fmt.Println(count, "before the cut")
	w.Partition(a, b)
	_ = w.RunFor(time.Minute) // microseconds of real time
	fmt.Println(count, "while it lasts")
	w.Heal()
	err := w.Run()
	fmt.Println(count, "in the end,", err)
	// Output:
	// 6 before the cut
	// 6 while it lasts
	// 10 in the end, <nil>
}
