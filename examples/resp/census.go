package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tsocket-go/tsocket/tevent"
)

// census is what the server itself counts: the keys it has, and the commands
// of three kinds that it has carried out. Others may use the server too.
type census struct{ keys, set, incr, get int64 }

func (c census) since(d census) census {
	return census{c.keys - d.keys, c.set - d.set, c.incr - d.incr, c.get - d.get}
}

// check compares with what was done to n keys that were not there before.
func (c census) check(n int) error {
	if want := int64(n); c.keys < want || c.set < want || c.incr < want || c.get < want {
		return fmt.Errorf("%d keys were set, incremented and read, but the server counts %s", n, c)
	}
	return nil
}

func (c census) String() string {
	return fmt.Sprintf("%d more keys, %d SET, %d INCR, %d GET", c.keys, c.set, c.incr, c.get)
}

// taking asks for the number of keys and for the statistics.
type taking struct {
	tevent.Op[census]
	c *client
	s settings
	n int64
}

func takeCensus(c *client, s settings) tevent.Req[census] {
	t := &taking{c: c, s: s}
	t.Start(c.s.Context(), "census")
	c.Do(encode("DBSIZE")).SetTimeout(s.timeout).Then(t, t.sized)
	return t.Req()
}

func (t *taking) sized(v value) {
	if v.kind != ':' {
		t.Fail(fmt.Errorf("DBSIZE: the server answers %s", v))
		return
	}
	t.n = v.n
	t.c.Do(encode("INFO", "commandstats")).SetTimeout(t.s.timeout).Then(t, t.told)
}

func (t *taking) told(v value) {
	t.Done(census{t.n, calls(v.text, "set"), calls(v.text, "incr"), calls(v.text, "get")})
}

// calls is how often a command was carried out: "cmdstat_get:calls=21,usec=…",
// 0 if there is no such line.
func calls(info, command string) int64 {
	_, rest, _ := strings.Cut(info, "cmdstat_"+command+":calls=")
	digits, _, _ := strings.Cut(rest, ",")
	n, _ := strconv.ParseInt(digits, 10, 64)
	return n
}
