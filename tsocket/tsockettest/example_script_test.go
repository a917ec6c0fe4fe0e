package tsockettest_test

import (
	"errors"
	"fmt"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// A client of a line protocol against a server that follows a script: it greets in
// pieces, checks the question, answers half and goes away.
func ExamplePlay() {
	ev, err := tevent.New()
	if err != nil {
		panic(err)
	}
	defer ev.Close()
	near, far := tsocket.Pipe(ev, tsocket.PipeConfig{})
	defer near.Close()

	server := tsockettest.Play(far,
		tsockettest.SendPieces("220 hello\r\n", 3),
		tsockettest.Expect("NOOP\r\n"),
		tsockettest.Send("250 "),
		tsockettest.Shut(),
		tsockettest.ExpectEnd(),
	)

	greeting := make([]byte, 11)
	_, err = tevent.Wait(ev, near.Readv(greeting))
	fmt.Printf("%q %v\n", greeting, err)
	near.Send([]byte("NOOP\r\n")).Ignore()
	answer := make([]byte, 8)
	n, err := tevent.Wait(ev, near.Readv(answer))
	fmt.Printf("%q unexpected end: %v\n", answer[:n], errors.Is(err, io.ErrUnexpectedEOF))
	near.SendShutdown().Ignore()
	_, err = tevent.Wait(ev, server)
	fmt.Println("server:", err)

	near, far = tsocket.Pipe(ev, tsocket.PipeConfig{})
	server = tsockettest.Play(far, tsockettest.Send("hello"), tsockettest.Expect("NOOP\r\n"))
	near.Send([]byte("QUIT\r\n")).Ignore()
	_, err = tevent.Wait(ev, server)
	fmt.Println("server:", err)
	near.Close()
	// Output:
	// "220 hello\r\n" <nil>
	// "250 " unexpected end: true
	// server: <nil>
	// server: script: step 2, expect "NOOP\r\n": got "QUIT\r\n"
}
