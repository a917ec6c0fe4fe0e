package tevent

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// place is where something was created or finished, deep enough to leave the
// library. It is the zero place unless the context tracks.
type place struct {
	pcs [12]uintptr
}

// here is the place of the caller of the library.
func here() place {
	var p place
	runtime.Callers(3, p.pcs[:])
	return p
}

// module is the path of this module, however it was renamed.
func module() string {
	return strings.TrimSuffix(reflect.TypeFor[Context]().PkgPath(), "tevent")
}

// String is file:line of the first frame outside the library, "" if unknown.
// What the loop does by itself is told by the part of the library that does it:
// the loop is the same for all.
func (p place) String() string {
	if p.pcs[0] == 0 {
		return ""
	}
	frames := runtime.CallersFrames(p.pcs[:])
	var f, part runtime.Frame
	for more := true; more; {
		f, more = frames.Next()
		if !library(f) {
			part = f
			break
		}
		if part.PC == 0 && !inner(f) {
			part = f
		}
	}
	if part.PC == 0 {
		part = f
	}
	return fmt.Sprintf("%s:%d", part.File, part.Line)
}

// inner reports whether a frame is of the loop or of requests.
func inner(f runtime.Frame) bool {
	rest, _ := strings.CutPrefix(f.Function, module())
	return strings.HasPrefix(rest, "tevent.") || strings.HasPrefix(rest, "internal/")
}

// maxPlaces bounds how many places a context remembers by name.
const maxPlaces = 1024

// named is p.String, found once: finding it costs 2 µs, and many requests are
// created at few places.
func (ev *Context) named(p place) string {
	if p.pcs[0] == 0 {
		return ""
	}
	if s, ok := ev.places[p]; ok {
		return s
	}
	if ev.places == nil || len(ev.places) == maxPlaces {
		ev.places = map[place]string{}
	}
	s := p.String()
	ev.places[p] = s
	return s
}

// library reports whether a frame is the library's own code and not a program,
// test or suite of tests that stands in its tree.
func library(f runtime.Frame) bool {
	rest, ok := strings.CutPrefix(f.Function, module())
	return ok && !strings.HasPrefix(rest, "examples/") && !strings.Contains(rest, "test.") && !strings.HasSuffix(f.File, "_test.go")
}
