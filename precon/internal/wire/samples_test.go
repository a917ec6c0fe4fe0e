package wire

import "bytes"

// sample is one frame of the golden vectors.
type sample struct {
	name  string
	frame Frame
}

// samples has each frame type at least once, with and without its tail.
func samples() []sample {
	return []sample{
		{"VERSION active, versions 1 to 1", Hello{Range{1, 1}, Active}.Frame()},
		{"VERSION passive, versions 2 to 258", Hello{Range{2, 258}, Passive}.Frame()},
		{"CON_INFO without tail", ConInfo{Endpoint: id(1), Conn: id(2), Nonce: id(3), HostTag: id(4), Role: Passive, Services: Stream}.Frame()},
		{"CON_INFO with name, address and two offers", fullInfo().Frame()},
		{"ARCH_REQ 1, tcp", Req{Attempt: 1, Arch: "tcp"}.Frame()},
		{"ARCH_REQ 3, tcp, shm refused", Req{3, "tcp", []Refusal{{"shm", Refused, "other host"}}}.Frame()},
		{"ARCH_STEP 2", Step{2, []byte{0xca, 0xfe}}.Frame()},
		{"ARCH_OK 1, 3 frames covered", OK{1, 3, sum(5)}.Frame()},
		{"ARCH_NEXT 1, other order", Next{1, Order, ""}.Frame()},
		{"ARCH_NEXT 2, failed with text", Next{2, Failed, "no memory"}.Frame()},
		{"EOF, 4 frames covered", EOF{4, sum(6)}.Frame()},
		{"FAIL, cancelled", Fail{Reason: Cancelled}.Frame()},
		{"FAIL, no path, with text and list", Fail{NoPath, "none left", []Refusal{{"shm", Failed, "mmap"}, {"tcp", Timeout, ""}}}.Frame()},
	}
}

func fullInfo() ConInfo {
	return ConInfo{
		Endpoint: id(1), Conn: id(2), Nonce: id(3), HostTag: id(4), Role: Active,
		Services: Stream | Message, Flags: FloorAuthenticated, Name: "alice", Address: "192.0.2.1:700",
		Offers: []Offer{
			{Arch: "shm", Preference: 1, Services: Stream, Strength: Confidential, Params: []byte{1, 2}},
			{Arch: "tcp", Preference: 10, Services: Stream | Datagram, Strength: Clear},
		},
	}
}

func id(b byte) (i ID)   { copy(i[:], bytes.Repeat([]byte{b}, len(i))); return i }
func sum(b byte) (s Sum) { copy(s[:], bytes.Repeat([]byte{b}, len(s))); return s }
