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

// Misuse is how often the process did something to a descriptor that was not
// open: calls, and closing again. A real kernel hides both whenever the number
// has come to stand for something else.
func (p *Proc) Misuse() (calls, closes int) {
	m := p.os.Misuse()
	return m.BadDescriptor, m.DoubleClose
}
