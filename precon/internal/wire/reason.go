package wire

import (
	"fmt"
	"unicode/utf8"
)

// Reason says why an arch was not taken (NEXT, REQ) or why the negotiation
// ended (FAIL). A peer may send numbers that are not listed here; zero is never
// sent.
type Reason uint16

// The reasons, as they stand on the wire.
const (
	Order     Reason = 1  // REQ(1) did not name the ladder's first rung; never consumes a rung
	Timeout   Reason = 2  // rung, verdict or whole negotiation took too long
	Refused   Reason = 3  // the arch's Init refused
	Failed    Reason = 4  // the arch's handshake failed
	Cancelled Reason = 5  // the user withdrew
	Policy    Reason = 6  // forbidden by an endpoint's policy
	Protocol  Reason = 7  // the peer broke the protocol
	Version   Reason = 8  // no common version
	SameID    Reason = 9  // both endpoints have one id and it is no dial of ours
	NoPath    Reason = 10 // no rung is left
	NeedTLS   Reason = 11 // came in clear where TLS is demanded
	Confirm   Reason = 12 // the two transcripts differ
	Followed  Reason = 13 // only answers the other side's NEXT
)

var reasons = [...]string{
	Order: "other order", Timeout: "timeout", Refused: "refused", Failed: "failed",
	Cancelled: "cancelled", Policy: "policy", Protocol: "protocol error", Version: "no common version",
	SameID: "same endpoint id", NoPath: "no common path", NeedTLS: "TLS demanded",
	Confirm: "transcripts differ", Followed: "followed the peer",
}

// String returns a few words, or the number of a reason not listed here.
func (r Reason) String() string {
	if r != 0 && int(r) < len(reasons) {
		return reasons[r]
	}
	return fmt.Sprintf("reason %d", uint16(r))
}

// Clip shortens s to [MaxText] bytes without cutting a character.
func Clip(s string) string {
	if len(s) <= MaxText {
		return s
	}
	n := MaxText
	for n > MaxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
