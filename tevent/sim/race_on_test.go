//go:build race

package sim_test

// scale divides the number of worlds: the race detector makes each ten times as
// long.
const scale = 10
