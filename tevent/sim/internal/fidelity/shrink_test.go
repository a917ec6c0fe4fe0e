//go:build linux

package fidelity

import "slices"

// shrink cuts a list down to one for which fails still holds, but no longer
// when any one step is left out. fails holds for the list as it is.
func shrink(list []step, fails func([]step) bool) []step {
	for size := len(list) / 2; size > 0; {
		smaller := without(list, size, fails)
		if len(smaller) == len(list) {
			size /= 2
		}
		list = smaller
		size = min(size, len(list))
	}
	return list
}

// without leaves out each run of size steps that does not matter.
func without(list []step, size int, fails func([]step) bool) []step {
	for at := len(list) - size; at >= 0; at -= size {
		some := slices.Delete(slices.Clone(list), at, at+size)
		if fails(some) {
			list = some
		}
		at = min(at, len(list))
	}
	return list
}
