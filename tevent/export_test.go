package tevent

// QueuePlaces is how many places the list of queues has, in use or not.
func QueuePlaces(ev *Context) int { return len(ev.queues) }

// Ready is how many requests wait for their callback.
func Ready(ev *Context) int { return ev.ready.n }
