package sim

// Open names the descriptors that the process has open, such as "tcp
// 10.0.0.1:80", lowest first; those of pollers are left out.
func (p *Proc) Open() []string {
	var list []string
	for _, d := range p.os.Open() {
		if d.Name != "epoll" {
			list = append(list, d.Name)
		}
	}
	return list
}

// Misuse is how often a process did to descriptors what a real kernel hides:
// the number has come to stand for something else, or somebody else holds the
// file open.
type Misuse struct {
	Calls   int // on what is not open
	Closes  int // of what is not open
	Watched int // closes of what is still registered for events
}

// Misuse is what the process has done so far.
func (p *Proc) Misuse() Misuse {
	m := p.os.Misuse()
	return Misuse{m.BadDescriptor, m.DoubleClose, p.misuse.Watched}
}
