// Rights hands an open descriptor to the other end of a unix socket.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("rights: ", err)
	}
}

// run passes the end of a pipe on, which is then read there.
func run() error {
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	file, in, err := os.Pipe()
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := io.WriteString(in, "what was in the pipe"); err != nil {
		return err
	}
	if err := in.Close(); err != nil {
		return err
	}
	text, err := pass(ev, a, b, file)
	if err == nil {
		fmt.Printf("rights: %s\n", text)
	}
	return err
}

// pass sends file from a to b and reads what arrives.
func pass(ev *tevent.Context, a, b *tsocket.Stream, file *os.File) (string, error) {
	r := b.RecvRights(make([]byte, 4), make([]int, 1))
	a.SendRights([]byte("take"), int(file.Fd())).Ignore()
	got, err := tevent.Wait(ev, r)
	if err != nil {
		return "", err
	}
	taken := os.NewFile(uintptr(got.FDs[0]), "taken")
	defer taken.Close()
	text, err := io.ReadAll(taken)
	return string(text), err
}
