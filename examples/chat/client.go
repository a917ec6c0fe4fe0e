package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func runClient(text, name string) error {
	addr, err := tsocket.ParseAddress(text)
	if err != nil {
		return err
	}
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	s, err := tevent.Wait(ev, tsocket.Connect(ev, addr).SetTimeout(grace))
	if err != nil {
		return err
	}
	s.Send([]byte(name + "\n")).Ignore()
	go talk(ev, s, os.Stdin)
	_, err = tevent.Wait(ev, listen(s, os.Stdout))
	return err
}

// talk sends what is typed, on a goroutine of its own: reading a terminal blocks.
// It waits until a line is with the system before it reads the next one.
func talk(ev *tevent.Context, s *tsocket.Stream, in io.Reader) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := append(lines.Bytes(), '\n')
		if len(line) > maxLine {
			fmt.Fprintf(os.Stderr, "chat: a line has at most %d bytes\n", maxLine)
			continue
		}
		if _, err := tevent.Await(context.Background(), ev, func() tevent.Req[int] { return s.Send(line) }); err != nil {
			return // the listener knows why
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintf(os.Stderr, "chat: what is typed: %v\n", err)
	}
	ev.Post(func() { s.SendShutdown().Ignore() })
}

// listening prints what the server says, until it ends.
type listening struct {
	tevent.Op[tevent.None]
	s   *tsocket.Stream
	out io.Writer
}

func listen(s *tsocket.Stream, out io.Writer) tevent.Req[tevent.None] {
	l := &listening{s: s, out: out}
	l.Start(s.Context(), "listen")
	l.Own(s)
	l.read()
	return l.Req()
}

func (l *listening) read() { tevent.Handle(readv.PeekPDU(l.s, said), l, (*listening).heard) }

// said is a line of the server: one of a client with his name in front.
var said readv.Framer = readv.Delimiter{End: "\n"}

func (l *listening) heard(line []byte, err error) {
	if errors.Is(err, io.EOF) {
		l.Done(tevent.None{})
		return
	}
	if l.Fail(err) {
		return
	}
	if _, err := fmt.Fprintln(l.out, clean(line)); l.Fail(err) {
		return
	}
	l.s.Consume(len(line))
	l.read()
}
