package tevent

// QueuePlaces is how many places the list of queues has, in use or not.
func QueuePlaces(ev *Context) int { return len(ev.queues) }
