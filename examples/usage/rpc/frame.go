package main

import (
	"encoding/binary"

	"github.com/tsocket-go/tsocket/readv"
)

// frame is a 4-byte big-endian length and as many bytes: a 4-byte id, then the
// body.
var frame readv.Framer = readv.Length{Width: 4, Max: 64 << 10}

// headerBytes is the length field and the id.
const headerBytes = 8

// header is what goes in front of a body of n bytes.
func header(id uint32, n int) []byte {
	h := binary.BigEndian.AppendUint32(nil, uint32(4+n))
	return binary.BigEndian.AppendUint32(h, id)
}

// parse splits a PDU of at least headerBytes.
func parse(pdu []byte) (id uint32, body []byte) {
	return binary.BigEndian.Uint32(pdu[4:]), pdu[headerBytes:]
}
