//go:build unix

package sim_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// dgramOperations are those of an endpoint of datagrams.
func dgramOperations(local bool) []operation {
	list := []operation{
		{Op: faulttest.Op{Name: "recvfrom", Reads: true}, run: runRecvfrom, again: runRecvfrom},
		{Op: faulttest.Op{Name: "recv batch", Reads: true}, run: runRecvBatch, again: runRecvBatch},
		{Op: faulttest.Op{Name: "sendto", AtOnce: true}, run: runSendto, again: runSendto},
		{Op: faulttest.Op{Name: "sendto queue", AtOnce: true}, run: runSendtoQueue, again: runSendtoQueue},
		{Op: faulttest.Op{Name: "dgram disconnect", AtOnce: true}, run: runDgramDisconnect},
		{Op: faulttest.Op{Name: "dgram close", AtOnce: true}, run: func(g *scene) error { return g.d.Close() }},
		{Op: faulttest.Op{Name: "dgram set event context", AtOnce: true}, run: runDgramMove, again: runDgramMove},
		{Op: faulttest.Op{Name: "dgram from fd", AtOnce: true, Opens: true, Asks: true}, prepare: prepareFar, run: runDgramFromFD},
		{Op: faulttest.Op{Name: "open dgram", AtOnce: true, Opens: true}, prepare: prepareFar, run: runOpenDgram},
	}
	if local {
		list = append(list, operation{Op: faulttest.Op{Name: "sendto long", AtOnce: true, Loose: true, Asks: true}, run: runSendtoLong})
	} else {
		list = append(list,
			operation{Op: faulttest.Op{Name: "open dgram everywhere", AtOnce: true, Opens: true, Any: true}, run: runOpenEverywhere},
			operation{Op: faulttest.Op{Name: "open broadcast dgram", AtOnce: true, Opens: true, Asks: true}, run: runOpenBroadcast},
			operation{Op: faulttest.Op{Name: "send batch", AtOnce: true}, run: runSendBatch, again: runSendBatch},
			operation{Op: faulttest.Op{Name: "join and leave", AtOnce: true}, run: runJoinAndLeave, again: runJoinAndLeave},
			operation{Op: faulttest.Op{Name: "dgram monitor", Asks: true}, prepare: prepareRefused, run: runDgramMonitor},
		)
	}
	for i := range list {
		op := &list[i]
		op.Dgram, op.Unix, op.local = true, local, local
		if op.prepare == nil {
			op.prepare = prepareDgram
		}
		if local {
			op.Name += " unix"
		} else {
			op.Name += " udp"
		}
	}
	return list
}

// farDgram is where the far side receives datagrams.
func (g *scene) farDgram() tsocket.Address {
	if g.op.local {
		return must(tsocket.Unix("@far"))
	}
	return g.far.addr
}

// prepareFar has the far side receive datagrams.
func prepareFar(g *scene) {
	if g.far.d == nil {
		g.far.receive(g.farDgram())
		g.until(func() bool { return g.far.d != nil })
	}
}

// prepareDgram opens an endpoint that the far side knows.
func prepareDgram(g *scene) {
	prepareFar(g)
	g.note(openDgram(g, tsocket.Address{}))
	at := g.d.LocalAddr()
	g.far.ev.Post(func() { g.far.peer = at })
}

func openDgram(g *scene, remote tsocket.Address) error {
	at := must(tsocket.ParseAddress("10.0.0.1:0"))
	if g.op.local {
		at = must(tsocket.ParseAddress(fmt.Sprint("unix:@near", g.opened))) // for nobody who writes to an older one
		g.opened++
	}
	d, err := tsocket.OpenDgram(g.ev, at, remote)
	if err == nil {
		g.d = d
		g.ends = append(g.ends, d)
	}
	return err
}

// receive opens an endpoint and takes what comes.
func (f *far) receive(at tsocket.Address) {
	f.ev.Post(func() {
		f.d = must(tsocket.OpenDgram(f.ev, at, tsocket.Address{}))
		f.hear(make([]byte, 1<<18))
	})
}

func (f *far) hear(buf []byte) {
	f.d.Recvfrom(buf).SetCallback(func(r tevent.Req[tsocket.Datagram]) {
		g, err := r.Result()
		if err != nil {
			return
		}
		f.got = append(f.got, buf[:g.N]...)
		f.hear(buf)
	})
}

// say sends datagrams to the near endpoint.
func (f *far) say(texts ...string) {
	f.ev.Post(func() {
		q := queue.New(f.ev, "far")
		for _, text := range texts {
			f.d.SendtoQueue(q, []byte(text), f.peer).Ignore()
		}
	})
}

func runRecvfrom(g *scene) error {
	buf := make([]byte, 100)
	r := g.d.Recvfrom(buf)
	g.far.say(words)
	m, err := result(g, r)
	return prefix(string(buf[:m.N]), words, err)
}

func runRecvBatch(g *scene) error {
	ps := make([]tsocket.Packet, 4)
	for i := range ps {
		ps[i].Buf = make([]byte, 100)
	}
	r := g.d.RecvBatch(ps)
	g.far.say(words)
	n, err := result(g, r)
	text := ""
	for _, p := range ps[:n] {
		text += string(p.Buf[:p.N])
	}
	return prefix(text, words, err)
}

func runSendto(g *scene) error {
	n, err := result(g, g.d.Sendto([]byte(words), g.farDgram()))
	g.sends(words, n)
	return err
}

// runSendtoQueue sends two datagrams; when the first fails the second goes on.
func runSendtoQueue(g *scene) error {
	q := queue.New(g.ev, "torture")
	g.ends = append(g.ends, q)
	var sends []tevent.Req[int]
	for _, text := range []string{words[:20], words[20:]} {
		sends = append(sends, g.d.SendtoQueue(q, []byte(text), g.farDgram()))
	}
	text, rest := "", words
	var first error
	for i, r := range sends {
		n, err := result(g, r)
		text += rest[:n]
		rest = words[20*(i+1):]
		first = cmp.Or(first, err)
	}
	g.sends(text, len(text))
	if first == nil && text != words {
		return errors.New("a part is a success")
	}
	return first
}

// runSendBatch sends datagrams of one length, which travel as one packet.
func runSendBatch(g *scene) error {
	const one = 13
	ps := make([]tsocket.Packet, len(words)/one)
	for i := range ps {
		ps[i] = tsocket.Packet{Buf: []byte(words[i*one:][:one]), Addr: g.farDgram()}
	}
	_, err := result(g, g.d.SendBatch(ps))
	text := ""
	for _, p := range ps {
		text += string(p.Buf[:p.N])
	}
	g.sends(text, len(text))
	if err == nil && len(text) != len(ps)*one {
		return errors.New("a part is a success")
	}
	return err
}

func runDgramDisconnect(g *scene) error {
	_, err := result(g, g.d.Disconnect())
	return err
}

func runDgramMove(g *scene) error {
	if err := g.d.SetEventContext(nil); err != nil {
		return err
	}
	return g.d.SetEventContext(g.ev)
}

func runDgramFromFD(g *scene) error {
	domain := syscall.AF_INET
	if g.op.local {
		domain = syscall.AF_UNIX
	}
	fd, e := g.ev.Driver().Kernel.Socket(domain, syscall.SOCK_DGRAM, 0)
	for e == syscall.EINTR {
		fd, e = g.ev.Driver().Kernel.Socket(domain, syscall.SOCK_DGRAM, 0)
	}
	if e != 0 {
		return e
	}
	d, err := tsocket.DgramFromFD(g.ev, fd)
	if err == nil {
		g.ends = append(g.ends, d)
	}
	return err
}

// runSendtoLong sends more than the socket's buffer holds at first.
func runSendtoLong(g *scene) error {
	text := strings.Repeat(words, 2000)
	n, err := result(g, g.d.Sendto([]byte(text), g.farDgram()))
	g.sends(text, n)
	return err
}

func runOpenEverywhere(g *scene) error {
	d, err := tsocket.OpenDgram(g.ev, must(tsocket.ParseAddress("[::]:0")), tsocket.Address{})
	if err == nil {
		g.ends = append(g.ends, d)
	}
	return err
}

func runOpenBroadcast(g *scene) error {
	c := tsocket.DgramConfig{Broadcast: true, ReusePort: true, ReuseAddr: true}
	d, err := c.Open(g.ev, must(tsocket.ParseAddress("10.0.0.1:0")), tsocket.Address{})
	if err == nil {
		g.ends = append(g.ends, d)
	}
	return err
}

func runOpenDgram(g *scene) error { return openDgram(g, g.farDgram()) }

func runJoinAndLeave(g *scene) error {
	group := netip.MustParseAddr("239.255.77.1")
	if err := g.d.Join(group, ""); err != nil {
		return err
	}
	return g.d.Leave(group, "")
}

// prepareRefused opens an endpoint whose peer is a port that nobody has.
func prepareRefused(g *scene) { g.note(openDgram(g, must(tsocket.ParseAddress("10.0.0.2:9")))) }

// runDgramMonitor is told of that.
func runDgramMonitor(g *scene) error {
	r := g.d.Monitor()
	if _, err := result(g, g.d.Sendto([]byte("x"), tsocket.Address{})); err != nil {
		r.Drop()
		return err
	}
	_, err := result(g, r)
	for _, told := range []error{syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.EACCES, syscall.EOPNOTSUPP} {
		if errors.Is(err, told) { // by the network, or as if it were
			return nil
		}
	}
	return err
}
