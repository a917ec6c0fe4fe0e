package main

import (
	"fmt"

	"github.com/tsocket-go/tsocket/readv"
)

// decoder puts replies together from their elements.
type decoder struct {
	open  []array // arrays whose members still come, the outermost first
	bytes int     // of the reply so far
}

// array is one that is not complete: left members of it still come. Nothing is
// set aside for them before they are there.
type array struct {
	list []value
	left int
}

// add takes the next element; whole says that v is a reply.
func (d *decoder) add(pdu []byte) (v value, whole bool, err error) {
	if d.bytes += len(pdu); d.bytes > maxReply {
		return v, false, &readv.TooLongError{Size: uint64(d.bytes), Max: maxReply}
	}
	v, members, err := parse(pdu)
	switch {
	case err != nil:
		return v, false, err
	case members > 0 && len(d.open) == maxDepth:
		return v, false, fmt.Errorf("more than %d arrays inside of each other", maxDepth)
	case members > 0:
		d.open = append(d.open, array{left: members})
		return v, false, nil
	}
	return d.close(v)
}

// close gives v to the array it is in, and an array that is complete with it to
// its own.
func (d *decoder) close(v value) (value, bool, error) {
	for n := len(d.open); n > 0; n-- {
		in := &d.open[n-1]
		in.list = append(in.list, v)
		if in.left--; in.left > 0 {
			return value{}, false, nil
		}
		v = value{kind: '*', list: in.list}
		d.open = d.open[:n-1]
	}
	d.bytes = 0
	return v, true, nil
}
