//go:build !race

package sim_test

const scale = 1
