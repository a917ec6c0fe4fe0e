// Package tsockettest is the conformance suites of streams and of datagrams: every
// transport passes its one.
//
//	func TestStream(t *testing.T) {
//		tsockettest.StreamSuite(t, func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
//			a, b, err := mine.Pair(ev)
//			...
//		})
//	}
//
// DgramSuite does the same for endpoints of datagrams. Each subtest is named by the guarantee it shows.
package tsockettest
