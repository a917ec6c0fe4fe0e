//go:build linux

package fidelity

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// generator makes steps that are legal for the most part: it knows what kind
// of thing each name was, not what has become of it.
type generator struct {
	rand  *rand.Rand
	steps []step
	names []thing
}

// thing is what a name stands for.
type thing struct{ name, class string }

// Classes of things.
const (
	fresh    = "fresh"    // a TCP socket that does not listen
	stream   = "stream"   // an end of a TCP connection
	listener = "listener" // of TCP
	dgram    = "dgram"    // UDP
	local    = "local"    // a unix socket with a peer
	door     = "door"     // a unix listener
	caller   = "caller"   // a unix stream without a peer
	box      = "box"      // a unix datagram socket with a name
	counter  = "counter"
	memory   = "memory"
)

// step adds one, made from a format.
func (g *generator) step(format string, args ...any) {
	code, err := words(fmt.Sprintf(format, args...))
	if err != nil {
		panic(err)
	}
	s, err := parseStep(code)
	if err != nil {
		panic(err)
	}
	g.steps = append(g.steps, s)
}

// new is a name that nothing has yet.
func (g *generator) new(class string) string {
	name := fmt.Sprintf("%c%d", class[0], len(g.names)+1)
	g.names = append(g.names, thing{name, class})
	return name
}

// one is a thing of one of the classes, any without classes; "" if there is none.
func (g *generator) one(classes ...string) string {
	var fit []string
	for _, th := range g.names {
		if len(classes) == 0 || slices.Contains(classes, th.class) {
			fit = append(fit, th.name)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	// What is young is in use most.
	return fit[max(g.rand.IntN(len(fit)), g.rand.IntN(len(fit)))]
}

func (g *generator) pick(words ...string) string { return words[g.rand.IntN(len(words))] }

// create makes something new.
func (g *generator) create() {
	switch g.rand.IntN(15) {
	case 0, 1, 2:
		g.step("%s %s = tcp", g.new(stream), g.new(stream))
	case 3:
		g.step("%s %s = tcp6", g.new(stream), g.new(stream))
	case 4, 5:
		g.step("%s %s = pair", g.new(local), g.new(local))
	case 6:
		g.step("%s %s = socketpair unix %s", g.new(local), g.new(local), g.pick("dgram", "seqpacket"))
	case 7, 8:
		g.step("%s = udp", g.new(dgram))
		g.step("%s = udp", g.new(dgram))
	case 9:
		g.step("%s = eventfd %d", g.new(counter), g.rand.IntN(3))
	case 10:
		g.step("%s = memfd x", g.new(memory))
	case 11, 12:
		g.listener()
	case 13:
		g.door()
	case 14:
		b := g.new(box)
		g.step("%s = socket unix dgram", b)
		g.step("bind %s %s%s", b, g.pick("@", "/"), b)
	}
}

func (g *generator) listener() {
	l := g.new(listener)
	at := g.pick("127.0.0.1:0", "127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0")
	g.step("%s = socket %s stream", l, family(at))
	if g.rand.IntN(3) == 0 {
		g.step("set %s SO_REUSEADDR 1", l)
	}
	g.step("bind %s %s", l, at)
	g.step("listen %s 8", l)
	g.step("%s = socket %s stream", g.new(fresh), family(at))
}

func family(address string) string {
	if address[0] == '[' {
		return "inet6"
	}
	return "inet"
}

func (g *generator) door() {
	l, typ := g.new(door), g.pick("stream", "stream", "seqpacket")
	g.step("%s = socket unix %s", l, typ)
	g.step("bind %s %s%s", l, g.pick("@", "/"), l)
	g.step("listen %s %d", l, g.rand.IntN(3))
	g.step("%s = socket unix %s", g.new(caller), typ)
}

// call makes another socket that could connect.
func (g *generator) call(class string) {
	if class == caller {
		g.step("%s = socket unix %s", g.new(caller), g.pick("stream", "seqpacket"))
		return
	}
	g.step("%s = socket %s stream", g.new(fresh), g.pick("inet", "inet6"))
}
