package tsocket_test

import (
	"fmt"
	"os"
)

// abstract is a name in the abstract namespace that another run of the tests on
// this host does not use.
func abstract(name string) string { return fmt.Sprintf("unix:@%d %s", os.Getpid(), name) }
