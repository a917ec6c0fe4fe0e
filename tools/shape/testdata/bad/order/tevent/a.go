package tevent

import (
	"maps"
	"slices"
)

type set = map[int]string

func bad(s set) (n int) {
	for k := range s {
		n = k
	}
	for k := range maps.Keys(s) {
		n = k
	}
	return n
}

func good(s set, l []int) (n int) {
	// The sum is the same in any order.
	for k := range s {
		n += k
	}
	for k := range s { // a sum: order has no effect
		n += k
	}
	for _, k := range slices.Sorted(maps.Keys(s)) {
		n = k
	}
	for k := range l {
		n = k
	}
	return n
}
