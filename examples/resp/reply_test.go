package main

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/readv"
)

// decode reads replies from bytes of which step more are there each time.
func decode(said string, step int) (replies []value, err error) {
	var d decoder
	b := []byte(said)
	for have := min(step, len(b)); ; have = min(have+step, len(b)) {
		for {
			pdu, err := readv.Cut(b[:have], framer)
			if err != nil {
				return replies, err
			}
			if pdu == nil {
				break
			}
			v, whole, err := d.add(pdu)
			if err != nil {
				return replies, err
			}
			if whole {
				replies = append(replies, v)
			}
			b, have = b[len(pdu):], have-len(pdu)
		}
		if have == len(b) {
			return replies, nil
		}
	}
}

func text(s string) value { return value{kind: '$', text: s} }

var conversations = map[string][]value{
	"+OK\r\n":                             {{kind: '+', text: "OK"}},
	"+\r\n-ERR no\r\n":                    {{kind: '+'}, {kind: '-', text: "ERR no"}},
	":-7\r\n:9223372036854775807\r\n":     {{kind: ':', n: -7}, {kind: ':', n: 1<<63 - 1}},
	"$0\r\n\r\n$-1\r\n$4\r\n\r\n\r\n\r\n": {text(""), {}, text("\r\n\r\n")},
	"*0\r\n*-1\r\n":                       {{kind: '*'}, {}},
	"*2\r\n*1\r\n:1\r\n*2\r\n$-1\r\n$1\r\nx\r\n+OK\r\n": {
		{kind: '*', list: []value{
			{kind: '*', list: []value{{kind: ':', n: 1}}},
			{kind: '*', list: []value{{}, text("x")}}}},
		{kind: '+', text: "OK"}},
}

func TestRepliesComeOutAlikeHoweverTheyArrive(t *testing.T) {
	for said, want := range conversations { // in whatever order
		for step := 1; step <= len(said); step++ {
			if got, err := decode(said, step); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%q by %d: %v, %v", said, step, got, err)
			}
		}
	}
}

func TestGarbageIsToldFromItsFirstByteOn(t *testing.T) {
	for _, said := range []string{"H", "\n", "\r\n", " ", "\x00", "?", "+OK\r\nHTTP/1.1 200 OK"} {
		if _, err := decode(said, len(said)); err == nil || !strings.Contains(err.Error(), "does not speak RESP") {
			t.Errorf("%q: %v", said, err)
		}
	}
}

func TestWhatContradictsItselfIsRefused(t *testing.T) {
	for _, said := range []string{
		"$\r\n", "$x\r\n", "$+1\r\na\r\n", "$01\r\na\r\n", "$-2\r\n", "$1\r\nab\r\n", "$3\r\nab\r\n+OK\r\n",
		"*\r\n", "*-2\r\n", "*1.5\r\n", "*99999999999999999999\r\n",
		":\r\n", ":1x\r\n", ":9223372036854775808\r\n", "+a\rb\r\n", "-a\nb\r\n",
	} {
		if got, err := decode(said, len(said)); err == nil {
			t.Errorf("%q is %v", said, got)
		}
	}
}

// TestLimitsHoldBeforeThereIsMemory announces more than is allowed, and less
// that never comes.
func TestLimitsHoldBeforeThereIsMemory(t *testing.T) {
	bulk := fmt.Sprintf("$%d\r\n%s\r\n", maxBulk, strings.Repeat("x", maxBulk))
	for name, said := range map[string]string{ // in whatever order
		"string": fmt.Sprintf("$%d\r\n", maxBulk+1),
		"array":  fmt.Sprintf("*%d\r\n", maxReply),
		"line":   "+" + strings.Repeat("x", maxLine),
		"reply":  "*20\r\n" + strings.Repeat(bulk, 20),
	} {
		var long *readv.TooLongError
		if _, err := decode(said, len(said)); !errors.As(err, &long) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if many, err := decode(strings.Repeat(bulk, 20), 20*len(bulk)); len(many) != 20 || err != nil {
		t.Errorf("%d replies that are each within the limit, %v", len(many), err)
	}
	if _, err := decode(strings.Repeat("*1\r\n", maxDepth+1), 1); err == nil {
		t.Error("arrays without a bottom")
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := decode(fmt.Sprintf("*%d\r\n", maxReply/4), 100); err != nil {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<10 {
		t.Errorf("%d bytes for an array that was announced", grown)
	}
}

func FuzzRepliesComeOutAlikeHoweverTheyArrive(f *testing.F) {
	for said := range conversations { // in whatever order
		f.Add(said, 1)
	}
	f.Add("$3\r\nab\r\n+OK\r\n", 2)
	f.Add("*2\r\n:1\r\n", 3)
	f.Fuzz(func(t *testing.T, said string, step int) {
		if step < 1 {
			return
		}
		all, err := decode(said, len(said)+1)
		some, failed := decode(said, step)
		if !reflect.DeepEqual(all, some) || (err == nil) != (failed == nil) {
			t.Errorf("at once %v, %v; by %d %v, %v", all, err, step, some, failed)
		}
	})
}
