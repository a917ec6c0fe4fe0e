package debug

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/tsocket-go/tsocket/tevent"
)

const (
	maxStacks = 1 << 20 // bytes of the stacks of all goroutines that are looked through
	maxFrames = 24      // of the one that is shown
)

// frame is one line of a stack, the innermost first.
type frame struct {
	Function string `json:"function"`
	Place    string `json:"place"`
}

// stackOf is the stack of the goroutine that runs ev at present, from what it
// does down to the turn; nil if none does. It stops the program for as long as
// it takes to print the stacks, so it is for loops that do not answer.
func stackOf(ev *tevent.Context) []frame {
	buf := make([]byte, maxStacks)
	text := string(buf[:runtime.Stack(buf, true)])
	for goroutine := range strings.SplitSeq(text, "\n\n") {
		for _, method := range []string{"LoopOnce", "Close"} {
			call := fmt.Sprintf("tevent.(*Context).%s(%p", method, ev)
			if strings.Contains(goroutine, call) {
				return frames(goroutine, call)
			}
		}
	}
	return nil
}

// frames reads the text of one goroutine: a header, then two lines for each
// frame.
func frames(text, last string) (all []frame) {
	lines := strings.Split(text, "\n")
	for i := 1; i+1 < len(lines) && len(all) < maxFrames; i += 2 {
		call, place := lines[i], strings.TrimSpace(lines[i+1])
		name := call[strings.LastIndexByte(call, '/')+1:]
		if j := strings.LastIndexByte(name, '('); j > 0 {
			name = name[:j]
		}
		if j := strings.LastIndex(place, " +0x"); j > 0 {
			place = place[:j]
		}
		all = append(all, frame{name, place})
		if strings.Contains(call, last) {
			break
		}
	}
	return all
}
