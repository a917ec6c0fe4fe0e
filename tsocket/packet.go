package tsocket

// Datagram is what Recvfrom completes with.
type Datagram struct {
	N         int     // bytes of it that are in the buffer; 0 is a datagram like any other
	From      Address // of the sender
	Truncated bool    // the buffer was too short; the bytes beyond it are lost
}

// Packet is one datagram of a batch.
type Packet struct {
	Buf       []byte  // the bytes to send, or the room to receive into
	N         int     // how many were sent, or received
	Addr      Address // where to, the zero Address being the connected peer; or where from
	Err       error   // why it was not sent; nil if it was
	Truncated bool    // Buf was too short to receive it; the bytes beyond it are lost
}
