// Chat is one room for many people. A line that somebody says comes to all the
// others; one server holds the room, and whoever can send lines is a client.
//
//	go run ./examples/chat -listen 127.0.0.1:7070
//	go run ./examples/chat -dial 127.0.0.1:7070 -name alice    # in another terminal
//	nc 127.0.0.1 7070                                          # and in a third one
//
// The first line of a client is his name; /who tells who is here, /quit leaves.
// What the server says itself begins with "* ".
//
// Memory is bounded whatever clients do. For each of them at most 256 lines or
// 64 KiB wait to be sent. Who reads more slowly than the others talk loses the
// lines that find no room, and is told where and how many: "* you were too slow:
// 17 lines lost". Who does not catch up for -patience is disconnected. A line has at
// most 512 bytes, the room at most -most clients. SIGINT and SIGTERM drain the
// server: everybody is told, gets what waits for him, and is gone in five seconds
// at most.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func main() {
	listen := flag.String("listen", "", "be the server at `ADDR`: HOST:PORT or unix:PATH")
	dial := flag.String("dial", "", "be a client of the server at `ADDR`")
	name := flag.String("name", os.Getenv("USER"), "the client's name")
	most := flag.Int("most", 1000, "how many clients the server takes")
	patience := flag.Duration("patience", 30*time.Second, "how long a client may be too slow")
	flag.Parse()
	var err error
	switch {
	case (*listen == "") == (*dial == ""):
		err = errors.New("say one of -listen and -dial")
	case *listen != "":
		err = runServer(*listen, rules{*most, *patience})
	default:
		err = runClient(*dial, *name)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chat:", err)
		os.Exit(1)
	}
}

func runServer(text string, r rules) error {
	addr, err := tsocket.ParseAddress(text)
	if err != nil {
		return err
	}
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	l, err := tsocket.Listen(ev, addr)
	if err != nil {
		return err
	}
	fmt.Println("listening on", l.Addr())
	s := newServer(ev, l, r)
	if _, err := tevent.Wait(ev, s.Req()); err != nil {
		return err
	}
	fmt.Println("drained:", s.room.counts)
	return nil
}
