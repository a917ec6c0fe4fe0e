//go:build !race

package main

// mayGrow is how much memory the server may take while 30 MB are said.
const mayGrow = 12 << 20
