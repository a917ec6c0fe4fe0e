package precon

// Inbound is how many passive negotiations the endpoint knows.
func (e *Endpoint) Inbound() int { return len(e.inbound) }
