package main

import (
	"strings"
	"unicode"

	"github.com/tsocket-go/tsocket/readv"
)

// maxLine is the longest line of a client, in bytes with its end.
const maxLine = 512

// maxName is the longest name, in bytes.
const maxName = 20

// frame takes the lines of nc and of telnet.
var frame readv.Framer = readv.Delimiter{End: "\n", Max: maxLine}

// clean is a line without its end, and without what a terminal would obey: nobody
// paints on the screens of others.
func clean(line []byte) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.TrimRight(string(line), "\r\n")))
}

// isName reports whether a client may be called so. No name begins as the
// server's own lines do.
func isName(s string) bool {
	return s != "" && len(s) <= maxName && strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	}) < 0
}
