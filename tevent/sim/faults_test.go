package sim_test

import (
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tsocket"
)

// talk has a client send a byte every 100 ms for a second to a server that
// sends each back, and returns the client's error and the time it took.
func talk(t *testing.T, plan string) (took time.Duration, err error) {
	t.Helper()
	w := sim.Test(t)
	p, perr := sim.ParsePlan(plan)
	if perr != nil {
		t.Fatal(perr)
	}
	w.Inject(p)
	addr, _ := tsocket.ParseAddress("10.0.0.1:7")
	w.Host("10.0.0.1").Go("server", func(ev *tevent.Context) { echoOne(ev, addr) })
	w.Host("10.0.0.2").Go("client", func(ev *tevent.Context) {
		_, _ = tevent.Wait(ev, tevent.Sleep(ev, 50*time.Millisecond))
		err = sayTen(ev, addr)
		took = w.Elapsed()
	})
	if werr := w.RunFor(time.Hour); werr != nil {
		t.Fatal(werr)
	}
	for _, f := range p {
		if w.Hits()[f.Kind] == 0 {
			t.Errorf("%v has not happened", f)
		}
	}
	return took, err
}

func echoOne(ev *tevent.Context, addr tsocket.Address) {
	l, err := tsocket.Listen(ev, addr)
	if err != nil {
		return
	}
	defer l.Close()
	s, err := tevent.Wait(ev, l.Accept())
	if err != nil {
		return
	}
	defer s.Close()
	for b := make([]byte, 1); err == nil; {
		if _, err = tevent.Wait(ev, s.Readv(b)); err == nil {
			_, err = tevent.Wait(ev, s.Writev(b))
		}
	}
}

func sayTen(ev *tevent.Context, addr tsocket.Address) error {
	s, err := tevent.Wait(ev, tsocket.Connect(ev, addr))
	if err != nil {
		return err
	}
	defer s.Close()
	for n := 1; n <= 10; n++ {
		b := make([]byte, n)
		if _, err = tevent.Wait(ev, s.Writev(b)); err != nil {
			return err
		}
		if _, err = tevent.Wait(ev, s.Readv(b)); err != nil {
			return err
		}
		_, _ = tevent.Wait(ev, tevent.Sleep(ev, 100*time.Millisecond))
	}
	return nil
}

func TestFaultsDoWhatTheySay(t *testing.T) {
	for plan, want := range map[string]struct {
		err        error
		least, max time.Duration
	}{
		"":                                                          {nil, time.Second, 1200 * time.Millisecond},
		"fails call=Connect errno=ENETUNREACH":                      {syscall.ENETUNREACH, 0, 100 * time.Millisecond},
		"fails call=Recvmsg nth=3 errno=EIO":                        {syscall.EIO, 0, 2 * time.Second},
		"interrupted call=Recvmsg on":                               {nil, time.Second, 1200 * time.Millisecond},
		"wouldblock call=Sendmsg nth=2":                             {nil, time.Second, 1200 * time.Millisecond},
		"onebyte call=Recvmsg on":                                   {nil, time.Second, 1200 * time.Millisecond},
		"half call=Sendmsg on":                                      {nil, time.Second, 1200 * time.Millisecond},
		"files proc=client n=0":                                     {syscall.EMFILE, 0, 100 * time.Millisecond},
		"late proc=server for=100ms":                                {syscall.ECONNREFUSED, 0, 100 * time.Millisecond},
		"delay for=100ms":                                           {nil, time.Second, 5 * time.Second},
		"loss n=256":                                                {nil, time.Second, time.Hour},
		"parted at=0s for=30m":                                      {syscall.ETIMEDOUT, time.Minute, 3 * time.Minute},
		"parted proc=client at=500ms for=1m":                        {nil, time.Minute, 3 * time.Minute},
		"reset proc=client at=700ms":                                {syscall.ECONNRESET, 700 * time.Millisecond, time.Second},
		"killed proc=server at=700ms":                               {io.EOF, 700 * time.Millisecond, time.Second},
		"stopped proc=server at=700ms for=1m":                       {nil, time.Minute, time.Minute + 2*time.Second},
		"stopped proc=client at=700ms for=1m":                       {nil, time.Minute, time.Minute + 2*time.Second},
		"leap at=700ms for=1m":                                      {nil, time.Minute, time.Minute + 2*time.Second},
		"slow proc=client n=1024 for=1s":                            {nil, 5 * time.Second, 10 * time.Minute},
		"slow n=1024 for=1µs\ndelay for=100ms":                      {nil, time.Second, 5 * time.Second},
		"spurious n=1024\nearly n=512":                              {nil, time.Second, 1200 * time.Millisecond},
		"segments n=3":                                              {nil, time.Second, 1200 * time.Millisecond},
		"killed proc=server nth=1":                                  {syscall.ECONNREFUSED, 0, 100 * time.Millisecond},
		"reset proc=server at=700ms\nonebyte call=Recvmsg nth=2 on": {syscall.ECONNRESET, 700 * time.Millisecond, time.Second},
	} {
		t.Run(plan, func(t *testing.T) {
			took, err := talk(t, plan)
			if !errors.Is(err, want.err) || took < want.least || took > want.max {
				t.Errorf("%v after %v, want %v within %v to %v", err, took, want.err, want.least, want.max)
			}
		})
	}
}

// TestOnePartitionDoesNotEndAnother: hosts reach each other when the last has
// passed, and one that Heal has ended ends nothing later.
func TestOnePartitionDoesNotEndAnother(t *testing.T) {
	w := sim.Test(t)
	w.Inject(sim.Plan{
		{Kind: sim.Parted, Proc: "server", At: 1 * time.Minute, For: 3 * time.Minute},
		{Kind: sim.Parted, Proc: "server", At: 2 * time.Minute, For: 1 * time.Minute},
		{Kind: sim.Parted, Proc: "server", At: 5 * time.Minute, For: 2 * time.Minute},
	})
	addr, _ := tsocket.ParseAddress("10.0.0.1:7")
	a, b := w.Host("10.0.0.1"), w.Host("10.0.0.2")
	reached := false
	a.Go("server", func(ev *tevent.Context) { acceptAll(t, ev, addr) })
	b.Go("client", func(ev *tevent.Context) {
		for {
			s, err := tevent.Wait(ev, tsocket.Connect(ev, addr).SetTimeout(time.Second))
			if reached = err == nil; reached {
				s.Close()
			}
			sleep(t, ev, time.Second)
		}
	})
	at := func(d time.Duration, want bool) {
		t.Helper()
		if err := w.RunFor(d - w.Elapsed()); err != nil || reached != want {
			t.Errorf("after %v: %v, %v, want %v", d, err, reached, want)
		}
	}
	at(30*time.Second, true)
	at(3*time.Minute+30*time.Second, false)
	at(4*time.Minute+30*time.Second, true)
	at(5*time.Minute+30*time.Second, false)
	w.Heal()
	at(6*time.Minute, true)
	w.Partition(a, b)
	at(7*time.Minute+30*time.Second, false)
	w.Heal()
	at(8*time.Minute, true)
}

// acceptAll closes what it accepts, for ever.
func acceptAll(t *testing.T, ev *tevent.Context, addr tsocket.Address) {
	t.Helper()
	l, err := tsocket.Listen(ev, addr)
	if err != nil {
		t.Error(err)
		return
	}
	for err == nil {
		var s *tsocket.Stream
		if s, err = tevent.Wait(ev, l.Accept()); err == nil {
			s.Close()
		}
	}
}

func TestCalmEndsEverything(t *testing.T) {
	w := sim.Test(t)
	plan, err := sim.ParsePlan("parted at=0s for=100h\nfails call=Socket on errno=EMFILE\nfiles n=0\nstopped proc=server nth=1 for=100h\nslow n=1024 for=10h")
	if err != nil {
		t.Fatal(err)
	}
	w.Inject(plan)
	addr, _ := tsocket.ParseAddress("10.0.0.1:7")
	a, b := w.Host("10.0.0.1"), w.Host("10.0.0.2")
	a.Go("server", func(ev *tevent.Context) { echoOne(ev, addr) })
	if err := w.RunFor(time.Minute); err != nil {
		t.Fatal(err)
	}
	w.Calm()
	hits := w.Hits()
	failed := errors.New("nothing said")
	b.Go("client", func(ev *tevent.Context) {
		_, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Second))
		failed = sayTen(ev, addr)
	})
	if err := w.RunFor(time.Minute); err != nil || failed != nil {
		t.Error(err, failed)
	}
	for k, n := range w.Hits() {
		if n != hits[k] {
			t.Errorf("%v happened after Calm", sim.Kind(k))
		}
	}
}
