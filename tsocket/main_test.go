package tsocket_test

import (
	"flag"
	"testing"

	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// TestMain lets more tests run beside one another than there are processors, for
// most of them wait. The command line has the last word.
func TestMain(m *testing.M) {
	flag.Set("test.parallel", "16")
	m.Run()
}

// The suites of real transports run beside other tests.

func streamSuite(t *testing.T, pair tsockettest.NewPair) {
	t.Parallel()
	tsockettest.StreamSuite(t, pair)
}

func dgramSuite(t *testing.T, pair tsockettest.NewDgrams) {
	t.Parallel()
	tsockettest.DgramSuite(t, pair)
}

func messageSuite(t *testing.T, pair tsockettest.NewMessages) {
	t.Parallel()
	tsockettest.MessageSuite(t, pair)
}
