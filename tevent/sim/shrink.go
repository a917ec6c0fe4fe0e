package sim

import "slices"

// Shrink returns the smallest plan it finds for which fails is still true: no
// fault of it can be left out, and none that goes on need do so. fails runs
// the same world under the plan it is given; it is true for plan.
func Shrink(plan Plan, fails func(Plan) bool) Plan {
	plan = slices.Clone(plan)
	for parts := 2; len(plan) > 0 && parts <= 2*len(plan); {
		size := max((len(plan)+parts-1)/parts, 1)
		rest, ok := without(plan, size, fails)
		switch {
		case ok:
			plan, parts = rest, max(parts-1, 2)
		case size == 1:
			parts = 2*len(plan) + 1 // every fault is needed
		default:
			parts *= 2
		}
	}
	return calmer(plan, fails)
}

// without leaves out size faults so that it still fails.
func without(plan Plan, size int, fails func(Plan) bool) (Plan, bool) {
	for from := 0; from < len(plan); from += size {
		rest := slices.Delete(slices.Clone(plan), from, min(from+size, len(plan)))
		if fails(rest) {
			return rest, true
		}
	}
	return nil, false
}

// calmer lets faults of calls happen once where that is enough.
func calmer(plan Plan, fails func(Plan) bool) Plan {
	for i := range plan {
		if !plan[i].On {
			continue
		}
		plan[i].On = false
		if !fails(plan) {
			plan[i].On = true
		}
	}
	return plan
}
