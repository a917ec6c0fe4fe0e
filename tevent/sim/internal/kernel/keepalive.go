package kernel

// guard puts a connection with SO_KEEPALIVE under watch, from now on.
func (t *tcp) guard() {
	a := &t.host.net.agenda
	a.drop(&t.guardian)
	if t.options.keepAlive != 0 && t.connected() {
		a.set(&t.guardian, t.heard+int64(t.options.keepIdle)*1e9)
	}
}

func (t *tcp) connected() bool { return t.state.joined() }

// keeper is a keep-alive timer that has run out.
type keeper tcp

func (k *keeper) happen() {
	t := (*tcp)(k)
	n := t.host.net
	idle := int64(t.options.keepIdle) * 1e9
	switch {
	case !t.connected() || t.options.keepAlive == 0:
	case t.out.held() > 0 || n.now-t.heard < idle && t.probes == 0:
		n.agenda.set(&t.guardian, max(t.heard, n.now-idle/2)+idle) // data are probes enough
	case t.lost():
		t.giveUp()
	default:
		t.probe()
	}
}

// lost tells whether the peer has left too many probes without an answer.
func (t *tcp) lost() bool {
	if ms := int64(t.options.userTimeout); ms > 0 {
		return t.probes > 0 && t.host.net.now-t.heard >= ms*1e6
	}
	return t.probes >= t.options.keepCnt
}

// probe asks the peer for a sign of life.
func (t *tcp) probe() {
	n := t.host.net
	out := t.out
	switch {
	case out.there.Down || out.back.Down:
		t.probes++
		n.after(&t.guardian, int64(t.options.keepIntvl)*1e9)
	case out.to.state == stateClosed:
		n.sendReset(out.to.host, t)
	default:
		t.heard, t.probes = n.now, 0
		n.after(&t.guardian, int64(t.options.keepIdle)*1e9)
	}
}
