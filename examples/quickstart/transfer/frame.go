package transfer

import "github.com/tsocket-go/tsocket/readv"

// frame is a PDU: a 4-byte big-endian length and as many bytes.
var frame readv.Framer = readv.Length{Width: 4, Max: 1 << 20}
