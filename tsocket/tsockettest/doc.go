// Package tsockettest is the conformance suites of streams, datagrams and messages:
// every transport passes its one.
//
//	func TestStream(t *testing.T) {
//		tsockettest.StreamSuite(t, func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
//			a, b, err := mine.Pair(ev)
//			...
//		})
//	}
//
// DgramSuite does the same for endpoints of datagrams, MessageSuite for connections of
// messages. Each subtest is named by the guarantee it shows.
//
// Play is the peer for a test of one's own: a stream that follows a script.
package tsockettest
