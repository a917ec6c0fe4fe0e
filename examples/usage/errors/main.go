// Errors makes every way to fail happen and prints, as the rows of a table, what
// errors.Is finds in the error of each.
package main

import (
	"errors"
	"fmt"
	"log"
	"slices"
	"strings"

	"github.com/tsocket-go/tsocket/tevent"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("errors: ", err)
	}
}

// row is one kind of failure, with the ways that lead to it.
type row struct {
	what string
	ways ways
}

type ways []func(*tevent.Context) error

func run() error {
	for _, r := range rows {
		found, err := r.find()
		if err != nil {
			return fmt.Errorf("%s: %w", r.what, err)
		}
		fmt.Printf("| %s | %s |\n", r.what, strings.Join(found, ", "))
	}
	return nil
}

// find names what all ways of a row lead to.
func (r row) find() (found []string, err error) {
	for i, way := range r.ways {
		names, err := find(way)
		if err != nil {
			return nil, err
		}
		if i > 0 && !slices.Equal(names, found) {
			return nil, fmt.Errorf("%v or %v", found, names)
		}
		found = names
	}
	return found, nil
}

// find goes one way on a context of its own and names what it led to.
func find(fail func(*tevent.Context) error) ([]string, error) {
	ev, err := tevent.New()
	if err != nil {
		return nil, err
	}
	defer ev.Close()
	found := names(fail(ev))
	if len(found) == 0 {
		return nil, errors.New("it did not fail")
	}
	if err := ev.LoopWait(); err != nil && !errors.Is(err, tevent.ErrClosed) { // what was ignored ends
		return nil, err
	}
	return found, leaked(ev)
}

// leaked is an error if the books of ev hold anything.
func leaked(ev *tevent.Context) error {
	for it := range ev.Items() {
		return fmt.Errorf("leaked: %s", it)
	}
	return nil
}
