package oracle

import "github.com/tsocket-go/tsocket/tevent/sim"

// All returns one of each oracle that needs to know nothing of the program:
// Once, Tidy, Spin and Descriptors.
func All() []sim.Oracle {
	return []sim.Oracle{&Once{}, &Tidy{}, &Spin{}, &Descriptors{}}
}
