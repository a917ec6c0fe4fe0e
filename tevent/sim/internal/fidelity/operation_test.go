//go:build linux

package fidelity

import "strings"

// operation adds steps, or none when there is nothing to operate on.
type operation struct {
	weight int
	do     func(*generator)
}

// form is an operation of one step. In it <class,class> stands for the name of
// a thing of one of the classes, <any> for any name, and a|b for either.
func form(weight int, text string) operation {
	return operation{weight, func(g *generator) { g.form(text) }}
}

var operations = []operation{
	{6, (*generator).create},
	{16, (*generator).meet},
	{12, (*generator).watch},
	{6, (*generator).copy},
	{1, (*generator).flood},

	form(14, "wait"),
	form(3, "wait on p"),
	form(8, "close <any>"),

	form(12, `send <stream,local,fresh,caller> "x"|"hello"|1000`),
	form(12, "recv <stream,local,fresh,caller,box,dgram> 1|3|10|5000"),
	form(6, "shutdown <stream,local,fresh,caller> rd|wr|wr|rdwr"),
	form(2, "set <stream,fresh> SO_LINGER 0"),
	form(1, "send <any> 1"),
	form(1, "recv <any> 10"),

	form(3, "pending <any>"),
	form(4, "get <any> SO_ERROR"),
	form(2, "get <any> SO_REUSEADDR|SO_TYPE|SO_ACCEPTCONN|SO_KEEPALIVE|TCP_NODELAY|IPV6_V6ONLY"),
	form(2, "set <any> SO_REUSEADDR|SO_KEEPALIVE|TCP_NODELAY|IPV6_V6ONLY 0|1"),
	form(2, "sockname <any>"),
	form(3, "peername <any>"),
	form(1, "peercred <local,caller,door,box>"),

	form(5, `sendto <dgram> <dgram> "x"|"datagram"|0`),
	form(4, "recvfrom <dgram,box,local> 0|3|10"),
	form(3, `sendall <dgram> <dgram> "x"|5000|0`), // an answer of ICMP may come between two
	form(2, `sendall <dgram> <dgram> 100|95|0|1 segment 10|1000`),
	form(3, "recvall <dgram,box,local> 3|10|100 1|2|20"),
	form(2, `sendall <box> <box> "x" "y"`),
	form(3, "connect <dgram> <dgram>"),
	form(3, `send <dgram,box> "x"`),
	form(1, "shutdown <dgram,box> rd|wr"),
	form(4, `sendto <box> <box> "x"|"datagram"`),
	form(2, "connect <box> <box>"),
	form(2, `sendto <local,box> none 0|1`),

	form(1, "shutdown <listener,door> rd|wr"),
	form(1, "listen <listener,door,fresh> 1"),
	form(1, "bind <fresh> <listener>"),
	form(1, "bind <fresh,dgram> 127.0.0.1:0|[::1]:0|0.0.0.0:0"),
	form(1, "connect <fresh> <fresh>"),
	form(1, `bind <caller,box,local> @name|""`),
	form(1, "connect <caller,box> @name|/nobody"),
	form(1, "unlink /<door>"),

	form(2, "write <counter> u64:1|u64:5"),
	form(2, "read <counter> 8"),
	form(2, "truncate <memory> 0|100|5000"),
	form(1, "seal <memory> shrink|grow|write"),
	form(1, `write <memory> "text"`),
	form(1, "read <memory> 3"),
	form(1, "size <memory>"),
}

// operate does one operation.
func (g *generator) operate() {
	sum := 0
	for _, o := range operations {
		sum += o.weight
	}
	n := g.rand.IntN(sum)
	for _, o := range operations {
		if n -= o.weight; n < 0 {
			o.do(g)
			return
		}
	}
}

func (g *generator) form(text string) {
	words := strings.Fields(text)
	for i, w := range words {
		w = g.pick(strings.Split(w, "|")...)
		if sign, classes, ok := strings.Cut(strings.TrimSuffix(w, ">"), "<"); ok {
			name := g.named(classes)
			if name == "" {
				return
			}
			w = sign + name
		}
		words[i] = w
	}
	g.step("%s", strings.Join(words, " "))
}

func (g *generator) named(classes string) string {
	if classes == "any" {
		return g.one()
	}
	return g.one(strings.Split(classes, ",")...)
}

// meet brings a listener and who calls it together.
func (g *generator) meet() {
	kinds := [2]string{listener, fresh}
	accepted := stream
	if g.rand.IntN(3) == 0 {
		kinds, accepted = [2]string{door, caller}, local
	}
	l, c := g.one(kinds[0]), g.one(kinds[1])
	if l == "" || c == "" {
		return
	}
	switch g.rand.IntN(6) {
	case 0:
		g.call(kinds[1])
	case 1, 2, 3:
		g.step("connect %s %s", c, l)
	case 4, 5:
		g.step("%s = accept %s", g.new(accepted), l)
	}
}

// watch registers something, asks for something, or forgets it.
func (g *generator) watch() {
	x := g.one()
	on := g.pick("", "", "", " on p")
	switch g.rand.IntN(8) {
	case 0, 1, 2, 3:
		g.step("add %s %s%s", x, g.pick("edge", "edge", "level"), on)
	case 4, 5, 6:
		g.step("want %s %s%s", x, g.pick("out", "in", "in,out", "in,out,peerclose", "nothing"), on)
	case 7:
		g.step("del %s%s", x, on)
	}
}

// copy makes another name of something, or sends it through a unix socket and
// takes it out again.
func (g *generator) copy() {
	x := g.names[g.rand.IntN(len(g.names))]
	through := g.one(local)
	switch {
	case g.rand.IntN(2) == 0:
		g.step("%s = dup %s", g.new(x.class), x.name)
	case through == "":
	case g.rand.IntN(2) == 0:
		g.step("%s = recvfrom %s 100", g.new(counter), through)
	default:
		// Unix sockets on the way can hold each other; the kernel finds that
		// out when it likes.
		if y := g.one(stream, counter, dgram, listener); y != "" {
			g.step(`sendto %s none "x" with %s`, through, y)
		}
	}
}

// flood fills something and empties it again. How much that takes is not
// compared, so nobody else may have a part in it.
func (g *generator) flood() {
	a, b := g.new(local), g.new(local)
	g.step("%s %s = socketpair unix %s", a, b, g.pick("stream", "dgram", "seqpacket"))
	g.step("add %s edge", a)
	g.step("want %s out", a)
	g.step("fill %s", a)
	g.step("wait")
	g.step("send %s 1", a)
	if g.rand.IntN(2) == 0 {
		g.step("shutdown %s %s", a, g.pick("rd", "wr", "rdwr"))
	}
	if g.rand.IntN(4) == 0 {
		g.step("close %s", a)
	}
	g.step("drain %s %s", b, a)
	g.step("wait")
}
