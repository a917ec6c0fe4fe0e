//go:build linux

package fidelity

import "strings"

// operation adds steps, or none when there is nothing to operate on.
type operation struct {
	weight int
	do     func(*generator)
}

// form is an operation of one step. In it CLASS,CLASS stands for a name of one
// of the classes, ANY for any name, and a|b for either.
func form(weight int, text string) operation {
	return operation{weight, func(g *generator) { g.form(text) }}
}

var operations = []operation{
	{6, (*generator).create},
	{14, (*generator).meet},
	{12, (*generator).watch},
	{6, (*generator).copy},
	form(14, "wait"),
	form(3, "wait on p"),
	form(12, `send STREAM,LOCAL,FRESH,CALLER "x"|"hello"|1000`),
	form(12, "recv STREAM,LOCAL,FRESH,CALLER,BOX,DGRAM 1|3|10|5000"),
	form(6, "shutdown STREAM,LOCAL,FRESH,CALLER rd|wr|wr|rdwr"),
	form(8, "close ANY"),
	form(3, "pending ANY"),
	form(4, "get ANY SO_ERROR"),
	form(2, "sockname ANY"),
	form(3, "peername ANY"),
	form(2, "set STREAM,FRESH SO_LINGER 0"),
	form(5, `sendto DGRAM DGRAM "x"|"datagram"|0`),
	form(4, "recvfrom DGRAM,BOX,LOCAL 3|10"),
	form(3, "connect DGRAM DGRAM"),
	form(3, `send DGRAM,BOX "x"`),
	form(4, `sendto BOX BOX "x"|"datagram"`),
	form(2, "connect BOX BOX"),
	form(2, "write COUNTER u64:1|u64:5"),
	form(2, "read COUNTER 8"),
	form(1, "shutdown LISTENER,DOOR rd|wr"),
	form(1, "listen LISTENER,DOOR,FRESH 1"),
	form(1, "bind FRESH LISTENER"),
	form(1, "unlink /DOOR"),
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
		slash := strings.HasPrefix(w, "/")
		if classes := strings.TrimPrefix(w, "/"); classes == strings.ToUpper(classes) && strings.ContainsAny(classes, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strings.Contains(w, "_") {
			if w = g.named(classes); w == "" {
				return
			}
			if slash {
				w = "/" + w
			}
		}
		words[i] = w
	}
	g.step("%s", strings.Join(words, " "))
}

func (g *generator) named(classes string) string {
	if classes == "ANY" {
		return g.one()
	}
	return g.one(strings.Split(strings.ToLower(classes), ",")...)
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
		g.step("%s = socket %s stream", g.new(kinds[1]), map[string]string{listener: "inet", door: "unix"}[kinds[0]])
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
