package teventtest_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// recorder is a test that fails on paper only.
type recorder struct {
	testing.TB
	cleanups []func()
	report   []string
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Error(args ...any) {
	r.report = append(r.report, strings.TrimSpace(fmt.Sprintln(args...)))
}
func (r *recorder) Errorf(format string, args ...any) {
	r.report = append(r.report, fmt.Sprintf(format, args...))
}

// end is what the testing package does at the end of a test.
func (r *recorder) end() {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
}

// says reports whether one line of the report has all of the parts.
func (r *recorder) says(parts ...string) bool {
	for _, line := range r.report {
		all := true
		for _, p := range parts {
			all = all && strings.Contains(line, p)
		}
		if all {
			return true
		}
	}
	return false
}

// line is file:line of its caller.
func line() string {
	_, file, n, _ := runtime.Caller(1)
	return fmt.Sprintf("%s:%d", file, n)
}

// nextLine is the one after at.
func nextLine(at string) string {
	i := strings.LastIndex(at, ":") + 1
	n, _ := strconv.Atoi(at[i:])
	return at[:i] + strconv.Itoa(n+1)
}
