// The comparisons with other servers and libraries: a module of its own, so
// that the library's go.mod knows none of them.
module github.com/tsocket-go/tsocket/bench

go 1.25.0

replace github.com/tsocket-go/tsocket => ../

require golang.org/x/sys v0.47.0
