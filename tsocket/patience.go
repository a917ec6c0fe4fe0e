package tsocket

import (
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// patience is for what gives no sign when it is ready: it is asked again at once,
// then after 1 ms, doubling to 64 ms.
type patience struct {
	timer tevent.Timer
	delay time.Duration
}

// wait has f called when it is time to ask again, unless somebody waits already.
func (p *patience) wait(ev *tevent.Context, f func()) {
	if p.timer.Armed() {
		return
	}
	p.timer.Init(ev, f)
	p.timer.Reset(p.delay)
	p.delay = min(max(2*p.delay, time.Millisecond), 64*time.Millisecond)
}

// stop ends the wait.
func (p *patience) stop() { p.timer.Stop() }

// renew says that asking was worth it.
func (p *patience) renew() { p.delay = 0 }
