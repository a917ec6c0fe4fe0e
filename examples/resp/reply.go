package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tsocket-go/tsocket/readv"
)

// What a server may send at most; all of it is checked before there is memory
// for it.
const (
	maxLine  = 64 << 10 // bytes
	maxBulk  = 1 << 20  // bytes of one string
	maxReply = 16 << 20 // bytes of one reply with all its members
	maxDepth = 8        // arrays inside of arrays
)

// element frames what replies are made of: a line, or a line and the string whose
// length it says. The head of an array is an element, its members are further ones.
type element struct{}

var (
	framer readv.Framer = element{}
	line                = readv.Delimiter{End: "\r\n", Max: maxLine}
)

// Need tells from its first byte on that something is no RESP.
func (element) Need(have []byte) (int, error) {
	if len(have) == 0 {
		return 1, nil
	}
	if strings.IndexByte("+-:$*", have[0]) < 0 {
		return 0, fmt.Errorf("the server does not speak RESP: a reply begins with %q", have[:1])
	}
	n, err := line.Need(have)
	if err != nil || n > len(have) || have[0] != '$' {
		return n, err
	}
	size, err := parseSize(string(have[1:n-len(line.End)]), maxBulk)
	if err != nil || size < 0 {
		return n, err
	}
	body := n + size
	if n = body + len(line.End); n <= len(have) && string(have[body:n]) != line.End {
		return 0, errors.New("the server does not speak RESP: a string is longer than its length")
	}
	return n, nil
}

// parseSize reads the size of a string or an array; -1 is that of none.
func parseSize(text string, limit int) (int, error) {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n < -1 || strconv.Itoa(n) != text:
		return 0, fmt.Errorf("the server does not speak RESP: a size is %.20q", text)
	case n > limit:
		return 0, &readv.TooLongError{Size: uint64(n), Max: limit}
	}
	return n, nil
}

// value is a reply, or a member of one. The zero value stands for nil.
type value struct {
	kind byte   // the first byte of its element; 0: nil
	text string // of kinds + - $
	n    int64  // of kind :
	list []value
}

// String is a short line for people.
func (v value) String() string {
	switch v.kind {
	case 0:
		return "nil"
	case ':':
		return strconv.FormatInt(v.n, 10)
	case '*':
		return fmt.Sprintf("an array of %d", len(v.list))
	}
	return fmt.Sprintf("%.40q", v.text)
}

// parse reads one element; members is how many more belong to it.
func parse(pdu []byte) (v value, members int, err error) {
	head, rest, _ := strings.Cut(string(pdu), line.End)
	kind, head := head[0], head[1:]
	switch {
	case strings.ContainsAny(head, "\r\n"):
		err = errors.New("the server does not speak RESP: a line is broken")
	case kind == ':':
		v.kind = kind
		v.n, err = strconv.ParseInt(head, 10, 64)
	case kind == '*':
		members, err = parseSize(head, maxReply/len("$0\r\n"))
		if members >= 0 {
			v.kind = kind
		}
	case kind == '$' && head == "-1":
	case kind == '$':
		v = value{kind: kind, text: strings.TrimSuffix(rest, line.End)}
	default:
		v = value{kind: kind, text: head}
	}
	return v, max(members, 0), err
}
