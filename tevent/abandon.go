package tevent

// Abandon makes ev dead, as its process is: Post, Close and the loop do nothing
// any more, and no callback runs, whatever is done to what lives on it. It is for
// the simulation in this module, which kills processes.
func (ev *Context) Abandon() {
	ev.closed, ev.dead, ev.closeNow = true, true, false
	ev.onPanic = nil
	ev.SetTrace(nil)
	ev.mail.mu.Lock()
	ev.mail.closed = true
	ev.mail.mu.Unlock()
}
