package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// answer is what the server knows: a line for each record, in the server's order.
type answer struct {
	lines []string
	tcp   bool // it was fetched by TCP
}

// rcodeError is an answer that says why there is none.
type rcodeError dnsmessage.RCode

func (e rcodeError) Error() string {
	switch dnsmessage.RCode(e) {
	case dnsmessage.RCodeNameError:
		return "no such name"
	case dnsmessage.RCodeServerFailure:
		return "the server failed"
	case dnsmessage.RCodeRefused:
		return "the server refuses"
	}
	return fmt.Sprintf("the server answers code %d", uint16(e))
}

// opened is a message whose header and question were read.
type opened struct {
	dnsmessage.Parser
	dnsmessage.Header
	question dnsmessage.Question
}

// open begins to read an answer: a message that is none, or is not about one
// question, is an error.
func open(msg []byte) (o opened, err error) {
	if o.Header, err = o.Start(msg); err != nil {
		return o, err
	}
	questions, err := o.AllQuestions()
	if err == nil && (!o.Response || o.OpCode != 0 || len(questions) != 1) {
		err = errNoAnswer
	}
	if err == nil {
		o.question = questions[0]
	}
	return o, err
}

var errNoAnswer = errors.New("not an answer to one question")

// isAbout reports whether the question is this one; names have no case.
func (o *opened) isAbout(q dnsmessage.Question) bool {
	return o.question.Type == q.Type && o.question.Class == q.Class &&
		strings.EqualFold(o.question.Name.String(), q.Name.String())
}

// read is the rest of an answer.
func (o *opened) read() (a answer, err error) {
	if o.RCode != dnsmessage.RCodeSuccess {
		return a, rcodeError(o.RCode)
	}
	records, err := o.AllAnswers()
	if err != nil {
		return a, fmt.Errorf("the answer is malformed: %w", err)
	}
	for _, r := range records {
		if line := text(r.Body); line != "" {
			a.lines = append(a.lines, line)
		}
	}
	return a, nil
}

// text is a record as in a zone file; "" if it is none of the types.
func text(body dnsmessage.ResourceBody) string {
	switch b := body.(type) {
	case *dnsmessage.AResource:
		return netip.AddrFrom4(b.A).String()
	case *dnsmessage.AAAAResource:
		return netip.AddrFrom16(b.AAAA).String()
	case *dnsmessage.CNAMEResource:
		return escape(b.CNAME.String(), ` "`)
	case *dnsmessage.NSResource:
		return escape(b.NS.String(), ` "`)
	case *dnsmessage.PTRResource:
		return escape(b.PTR.String(), ` "`)
	case *dnsmessage.MXResource:
		return fmt.Sprint(b.Pref, " ", escape(b.MX.String(), ` "`))
	case *dnsmessage.TXTResource:
		parts := make([]string, len(b.TXT))
		for i, t := range b.TXT {
			parts[i] = `"` + escape(t, `"`) + `"`
		}
		return strings.Join(parts, " ")
	}
	return ""
}

// escape writes special bytes as a zone file does, so that nothing in there
// reaches a terminal.
func escape(s, special string) string {
	var out strings.Builder
	for _, b := range []byte(s) {
		switch {
		case b < ' ' || b >= 0x7f:
			fmt.Fprintf(&out, `\%03d`, b)
		case b == '\\' || strings.IndexByte(special, b) >= 0:
			out.WriteByte('\\')
			out.WriteByte(b)
		default:
			out.WriteByte(b)
		}
	}
	return out.String()
}
