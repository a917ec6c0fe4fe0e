package sim

import "slices"

// cut is one reason why two hosts do not reach each other. There may be several,
// and the last that is mended joins them.
type cut struct{ a, b *Host }

func (c *cut) between(a, b *Host) bool { return c.a == a && c.b == b || c.a == b && c.b == a }

// Partition loses whatever goes between a and b, from now on until Heal.
func (w *World) Partition(a, b *Host) {
	w.rec.note("partition %v | %v", a, b)
	w.cut(a, b)
}

// Heal ends every partition, also those of a plan.
func (w *World) Heal() {
	w.rec.note("heal")
	for len(w.cuts) > 0 {
		w.mend(w.cuts[0])
	}
}

func (w *World) cut(a, b *Host) *cut {
	c := &cut{a, b}
	w.cuts = append(w.cuts, c)
	w.net.Partition(a.net, b.net)
	return c
}

// mend takes c away, unless Heal has done so.
func (w *World) mend(c *cut) {
	i := slices.Index(w.cuts, c)
	if i < 0 {
		return
	}
	w.cuts = slices.Delete(w.cuts, i, i+1)
	if !slices.ContainsFunc(w.cuts, func(o *cut) bool { return o.between(c.a, c.b) }) {
		w.net.Heal(c.a.net, c.b.net)
	}
}
