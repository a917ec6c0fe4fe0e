//go:build race

package main

// mayGrow has the race detector's part in it.
const mayGrow = 24 << 20
