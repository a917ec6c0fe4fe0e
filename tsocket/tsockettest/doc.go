// Package tsockettest is the conformance suite of streams: every transport
// passes it.
//
//	func TestStream(t *testing.T) {
//		tsockettest.StreamSuite(t, func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
//			a, b, err := mine.Pair(ev)
//			...
//		})
//	}
//
// Each subtest is named by the guarantee it shows.
package tsockettest
