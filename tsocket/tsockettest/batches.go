package tsockettest

import (
	"context"
	"syscall"

	"github.com/tsocket-go/tsocket/tsocket"
)

var batches = []dgramGuarantee{
	{"D2 a batch arrives, each datagram on its own", batchArrives},
	{"D2 what is refused does not stop the rest", batchRefused},
	{"D2 each of a batch tells its length and what was cut", batchResults},
	{"D2 a receive and a batch are one direction", batchBusy},
	{"D2 an empty batch is EINVAL", batchEmpty},
	{"D2 a cancelled receive of a batch has taken nothing", batchCancel},
}

// batch is packets for the peer of d.
func (p *dgrams) batch(d *tsocket.Dgram, texts ...string) []tsocket.Packet {
	ps := make([]tsocket.Packet, len(texts))
	for i := range ps {
		ps[i] = tsocket.Packet{Buf: []byte(texts[i]), Addr: p.to(d)}
	}
	return ps
}

// room is n packets to receive size bytes into each.
func room(n, size int) []tsocket.Packet {
	ps := make([]tsocket.Packet, n)
	for i := range ps {
		ps[i].Buf = make([]byte, size)
	}
	return ps
}

// recvAll wants texts, in batches of at most n.
func (p *dgrams) recvAll(d *tsocket.Dgram, n int, texts ...string) {
	p.Helper()
	ps := room(n, 100)
	for len(texts) > 0 {
		k := get(p, d.RecvBatch(ps))
		if k < 1 || k > len(texts) || k > n {
			p.Fatalf("a batch of %d of %d, with %d to come", k, n, len(texts))
		}
		for i := range k {
			g := tsocket.Datagram{N: ps[i].N, From: ps[i].Addr, Truncated: ps[i].Truncated}
			p.came(d, g, ps[i].Buf, texts[i])
		}
		texts = texts[k:]
	}
}

func batchArrives(p *dgrams) {
	texts := numbered(8)
	texts[3], texts[7] = "", "longer than the others"
	for _, most := range []int{1, 3, 20} {
		ps := p.batch(p.a, texts...)
		if n := get(p, p.a.SendBatch(ps)); n != len(ps) {
			p.Fatalf("%d of %d were sent", n, len(ps))
		}
		for i := range ps {
			if ps[i].N != len(texts[i]) || ps[i].Err != nil {
				p.Fatalf("packet %d: %d bytes, %v", i, ps[i].N, ps[i].Err)
			}
		}
		p.recvAll(p.b, most, texts...)
	}
}

func batchRefused(p *dgrams) {
	ps := p.batch(p.a, "a", "", "b", "", "c")
	ps[1].Buf, ps[3].Buf = huge, huge
	if n := fails(p, p.a.SendBatch(ps), syscall.EMSGSIZE); n != 3 {
		p.Fatalf("%d were sent", n)
	}
	for i := range ps {
		if i%2 == 0 && (ps[i].Err != nil || ps[i].N != 1) {
			p.Fatalf("packet %d: %d bytes, %v", i, ps[i].N, ps[i].Err)
		}
		if i%2 == 1 {
			p.is(ps[i].Err, syscall.EMSGSIZE)
		}
	}
	p.recvAll(p.b, 5, "a", "b", "c")
}

func batchResults(p *dgrams) {
	get(p, p.a.SendBatch(p.batch(p.a, "ab", "abcdef", "")))
	for _, want := range []tsocket.Packet{{N: 2}, {N: 4, Truncated: true}, {N: 0}} {
		ps := room(1, 4)
		ps[0].Truncated, ps[0].Err = !want.Truncated, context.Canceled // of an older use
		get(p, p.b.RecvBatch(ps))
		if g := ps[0]; g.N != want.N || g.Truncated != want.Truncated || g.Err != nil || string(g.Buf[:g.N]) != "abcdef"[:g.N] {
			p.Fatalf("%+v, want %+v", g, want)
		}
	}
}

func batchBusy(p *dgrams) {
	r := p.b.RecvBatch(room(2, 9))
	fails(p, p.b.Recvfrom(nil), syscall.EBUSY)
	fails(p, p.b.RecvBatch(room(1, 9)), syscall.EBUSY)
	p.send(p.a, "x")
	if n := get(p, r); n != 1 {
		p.Fatalf("a batch of %d", n)
	}
}

func batchEmpty(p *dgrams) {
	fails(p, p.a.SendBatch(nil), syscall.EINVAL)
	fails(p, p.b.RecvBatch(nil), syscall.EINVAL)
	p.send(p.a, "x")
	p.recv(p.b, "x")
}

func batchCancel(p *dgrams) {
	r := p.b.RecvBatch(room(4, 9))
	p.idle()
	r.Cancel()
	if n := fails(p, r, context.Canceled); n != 0 {
		p.Fatalf("%d came", n)
	}
	get(p, p.a.SendBatch(p.batch(p.a, "a", "b")))
	p.recvAll(p.b, 4, "a", "b")
}
