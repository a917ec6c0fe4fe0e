// Package copied does with an Op what must not be done.
package copied

import "github.com/tsocket-go/tsocket/tevent"

type operation struct {
	tevent.Op[int]
}

func use(operation) {}

func spoil() {
	o := operation{}
	use(o)
}
