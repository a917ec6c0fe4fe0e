package main

import (
	"encoding/binary"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// message is one over TCP: its length in two bytes, and as many bytes. RFC 1035,
// section 4.2.2.
var message readv.Framer = readv.Length{Width: 2}

// fetching asks by TCP, on a connection of its own, and completes with the
// answer's message.
type fetching struct {
	tevent.Op[[]byte]
	s      *tsocket.Stream
	packet []byte
}

func fetch(ev *tevent.Context, server tsocket.Address, packet []byte) tevent.Req[[]byte] {
	f := &fetching{packet: packet}
	f.Start(ev, "fetch")
	tsocket.Connect(ev, server).Then(f, f.connected)
	return f.Req()
}

func (f *fetching) connected(s *tsocket.Stream) {
	f.s = s
	f.Own(s)
	length := binary.BigEndian.AppendUint16(nil, uint16(len(f.packet)))
	s.Send(length, f.packet).Then(f, f.sent)
}

func (f *fetching) sent(int) { readv.PDU(f.s, message, nil).Then(f, f.got) }

func (f *fetching) got(pdu []byte) { f.Done(pdu[2:]) }
