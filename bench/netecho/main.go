// Command netecho is the server that a Go programmer writes with package net:
// one goroutine for each connection, or one for all datagrams. It is what examples/echo is compared
// with, and takes the same flags.
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
)

const (
	buffer   = 64 << 10
	maxFrame = 16 << 20
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "listen on `HOST:PORT`")
	mode := flag.String("mode", "echo", "echo; framed: 4 bytes big-endian length before each message; udp: datagrams")
	flag.Parse()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	if *mode == "udp" {
		datagrams(*addr, stop)
		return
	}
	serve := map[string]func(net.Conn) error{"echo": echo, "framed": framed}[*mode]
	if serve == nil {
		log.Fatalf("-mode %s: want echo, framed or udp", *mode)
	}
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", l.Addr())
	go func() {
		<-stop
		l.Close()
	}()
	accept(l, serve)
}

// datagrams sends each datagram back.
func datagrams(addr string, stop chan os.Signal) {
	at, err := net.ResolveUDPAddr("udp", addr)
	if err != nil {
		log.Fatal(err)
	}
	c, err := net.ListenUDP("udp", at)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", c.LocalAddr())
	go func() {
		<-stop
		c.Close()
	}()
	for b := make([]byte, buffer); ; {
		n, from, err := c.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		if _, err := c.WriteToUDPAddrPort(b[:n], from); err != nil {
			log.Print(err)
		}
	}
}

func accept(l net.Listener, serve func(net.Conn) error) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			if err := serve(c); err != nil {
				log.Print(err)
			}
		}()
	}
}

func echo(c net.Conn) error {
	b := make([]byte, buffer)
	for {
		n, err := c.Read(b)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := c.Write(b[:n]); err != nil {
			return err
		}
	}
}

// framed answers all frames that came together with one write.
func framed(c net.Conn) error {
	r, w := bufio.NewReaderSize(c, buffer), bufio.NewWriterSize(c, buffer)
	for {
		if !whole(r) {
			if err := w.Flush(); err != nil {
				return err
			}
		}
		head, err := r.Peek(4)
		if err == io.EOF && len(head) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if err := answer(w, r, 4+int64(binary.BigEndian.Uint32(head))); err != nil {
			return err
		}
	}
}

// whole reports whether the next frame is here already: reading it does not
// block.
func whole(r *bufio.Reader) bool {
	if r.Buffered() < 4 {
		return false
	}
	head, _ := r.Peek(4)
	return int64(r.Buffered()) >= 4+int64(binary.BigEndian.Uint32(head))
}

// answer copies a frame of n bytes, without a buffer of its own if it can.
func answer(w *bufio.Writer, r *bufio.Reader, n int64) error {
	switch {
	case n > maxFrame:
		return fmt.Errorf("a frame of %d bytes", n)
	case n > buffer:
		_, err := io.CopyN(w, r, n)
		return err
	}
	frame, err := r.Peek(int(n))
	if err != nil {
		return err
	}
	w.Write(frame) // its error comes back from Flush
	_, err = r.Discard(len(frame))
	return err
}
