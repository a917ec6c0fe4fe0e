//go:build unix

package socks5_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/socks5"
)

// talked is what a client has of a world.
type talked struct {
	sent, got []byte
	err       error // the first
}

// play runs a client, a proxy and a target on three hosts while a plan happens.
func play(seed uint64, plan sim.Plan) (talked, error) {
	w := sim.New(seed)
	defer w.Close()
	w.Watch(oracle.All()...)
	proxyAddr, targetAddr := must(tsocket.ParseAddress("10.0.0.2:1080")), must(tsocket.ParseAddress("10.0.0.3:7"))
	listening := 0
	w.Host("10.0.0.3").Go("target", func(ev *tevent.Context) { runTarget(ev, targetAddr, &listening) })
	w.Host("10.0.0.2").Go("proxy", func(ev *tevent.Context) {
		if l, err := tsocket.Listen(ev, proxyAddr); err == nil {
			p := &proxy{ev: ev, l: l, names: map[string]tsocket.Address{"target": targetAddr}}
			p.serve()
			listening++
			tevent.Wait(ev, tevent.Sleep(ev, time.Minute))
			p.end()
		}
	})
	if err := w.RunUntil(func() bool { return listening == 2 }); err != nil {
		return talked{}, err
	}
	c := talked{sent: bytes.Repeat([]byte("0123456789"), 2000)}
	w.Host("10.0.0.1").Go("client", func(ev *tevent.Context) { c.talk(ev, proxyAddr) })
	if plan != nil {
		w.Inject(plan)
	}
	err := w.Run()
	return c, err
}

// runTarget echoes what one client sends, to its end.
func runTarget(ev *tevent.Context, addr tsocket.Address, listening *int) {
	l, err := tsocket.Listen(ev, addr)
	if err != nil {
		return
	}
	defer l.Close()
	*listening++
	s, err := tevent.Wait(ev, l.Accept().SetTimeout(time.Minute))
	if err != nil {
		return
	}
	defer s.Close()
	for err == nil {
		var b []byte
		if b, err = tevent.Wait(ev, s.Peek(1).SetTimeout(time.Minute)); err == nil {
			_, err = tevent.Wait(ev, s.Writev(b).SetTimeout(time.Minute))
			s.Consume(len(b))
		}
	}
	tevent.Wait(ev, s.SendShutdown().SetTimeout(time.Minute))
}

// talk sends all, ends, and reads to the end.
func (c *talked) talk(ev *tevent.Context, proxy tsocket.Address) {
	s, err := tevent.Wait(ev, socks5.Dial(ev, proxy, "tcp", "target:7").SetTimeout(20*time.Second))
	if err != nil {
		c.err = err
		return
	}
	defer s.Close()
	s.Send(c.sent).Ignore()
	s.SendShutdown().Ignore()
	for {
		b, err := tevent.Wait(ev, s.Peek(1).SetTimeout(20*time.Second))
		c.got = append(c.got, b...)
		if err != nil && !errors.Is(err, io.EOF) {
			c.err = err
		}
		if err != nil {
			break
		}
		s.Consume(len(b))
	}
	if _, err := tevent.Wait(ev, s.Disconnect().SetTimeout(20*time.Second)); c.err == nil {
		c.err = err
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// judge is what is wrong with a world: nothing may be lost or added, and nothing
// goes wrong where nothing is planned.
func judge(seed uint64, plan sim.Plan) error {
	c, err := play(seed, plan)
	switch {
	case err != nil:
		return err
	case !bytes.HasPrefix(c.sent, c.got):
		return fmt.Errorf("%d bytes came back, and others", len(c.got))
	case plan == nil && c.err != nil:
		return c.err
	case plan == nil && len(c.got) != len(c.sent):
		return fmt.Errorf("%d of %d bytes came back", len(c.got), len(c.sent))
	}
	return nil
}

func TestADialInWorldsWhereNothingGoesWrong(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		if err := judge(seed, nil); err != nil {
			t.Errorf("seed=%d: %v", seed, err)
		}
	}
}

// The seed of a world that fails is printed, with the least of its plan.
func TestADialWhateverGoesWrong(t *testing.T) {
	first := sim.Seed(t)
	for seed := first; seed < first+30; seed++ {
		plan := sim.Draw(seed, "client", "proxy", "target")
		if judge(seed, plan) == nil {
			continue
		}
		least := sim.Shrink(plan, func(p sim.Plan) bool { return judge(seed, p) != nil })
		t.Errorf("seed=%d: %v, so far as with\n%v", seed, judge(seed, least), least)
	}
}
