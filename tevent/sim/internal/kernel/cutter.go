package kernel

// Cut has a box on the way reset one TCP connection of the process, to be
// drawn: both ends are told. It reports false when there is none.
func (p *Proc) Cut() bool {
	var all []*tcp
	for _, f := range p.table.files {
		if f == nil {
			continue
		}
		if t, ok := f.obj.(*tcp); ok && t.state.open() && t.out != nil {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return false
	}
	t := all[p.net.rand.IntN(len(all))]
	there := t.out.to
	p.net.sendReset(t.host, there)
	p.net.sendReset(there.host, t)
	return true
}

// SetFiles changes how many descriptors the process has at most; what is open
// stays so.
func (p *Proc) SetFiles(n int) { p.table.limit = n }
