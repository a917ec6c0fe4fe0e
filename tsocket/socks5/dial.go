package socks5

import (
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// DefaultTimeout bounds a dial whose caller sets no deadline: a proxy may be
// silent for ever.
const DefaultTimeout = 30 * time.Second

// Dial connects to the proxy and has it connect to address, a "host:port" whose
// host is an IP address or a name, which the proxy resolves. The network is "tcp",
// or "tcp4" or "tcp6" for what is no address of the other. It takes
// DefaultTimeout at most, unless the caller sets another deadline. A request that
// is given up closes what it has opened.
//
// Errors: those of tsocket.Connect for the proxy, and those of Client.
func Dial(ev *tevent.Context, proxy tsocket.Address, network, address string) tevent.Req[*tsocket.Stream] {
	d, ok := newDial(ev, network, address)
	if ok {
		tsocket.Connect(ev, proxy).Handle(d, d.reached)
	}
	return d.Req()
}

// Client has the proxy at the other end of s connect to address, as Dial does. The
// request owns s from the call on.
//
// Errors: ErrCommand for a network of datagrams, net.UnknownNetworkError, ErrTarget;
// those of tsocket.LayerConfig.Lay; those of reading and writing s; ErrAuth, a
// ReplyError, a ProtocolError.
func Client(s *tsocket.Stream, network, address string) tevent.Req[*tsocket.Stream] {
	d, ok := newDial(s.Context(), network, address)
	if ok {
		d.lay(s)
	} else {
		s.Close()
	}
	return d.Req()
}

// dial is a connect through a proxy, under way.
type dial struct {
	tevent.Op[*tsocket.Stream]
	to     target
	s      *tsocket.Stream // to the proxy; the layer's from lay on
	layer  *tsocket.Layer
	answer [longestAnswer]byte
	got    int // bytes of the answer
}

// newDial is a started dial; false if it has failed already.
func newDial(ev *tevent.Context, network, address string) (*dial, bool) {
	d := &dial{}
	d.Start(ev, "socks5")
	d.SetRelease(func(s *tsocket.Stream) { s.Close() })
	var err error
	if d.to, err = parse(network, address); err != nil {
		d.fail(err)
		return d, false
	}
	d.Req().SetTimeout(DefaultTimeout)
	return d, true
}

func (d *dial) reached(s *tsocket.Stream, err error) {
	if err != nil {
		d.fail(err)
		return
	}
	d.lay(s)
}

// lay begins: the stream reads exactly, so that nothing of the target's is taken.
func (d *dial) lay(s *tsocket.Stream) {
	s.SetReadAhead(0)
	layer, err := tsocket.LayerConfig{Name: "socks5", Role: tsocket.CtrlLayer}.Lay(s, &tsocket.Transparent{Lower: s})
	if err != nil {
		s.Close()
		d.fail(err)
		return
	}
	d.s, d.layer = s, layer
	d.Own(layer)
	s.Writev([]byte{version, 1, methodNone}).Handle(d, d.greeted)
}

func (d *dial) greeted(_ int, err error) {
	if !d.failed(err) {
		d.s.Readv(d.answer[:2]).Handle(d, d.methodChosen)
	}
}

func (d *dial) methodChosen(_ int, err error) {
	if err == nil {
		err = chosen(d.answer[:2])
	}
	if !d.failed(err) {
		d.s.Writev(d.to.request()).Handle(d, d.asked)
	}
}

func (d *dial) asked(_ int, err error) {
	if !d.failed(err) {
		d.read()
	}
}

// read takes what the answer is known to have.
func (d *dial) read() {
	n, err := missing(d.answer[:d.got])
	switch {
	case d.failed(err):
	case n == 0:
		d.connected()
	default:
		d.s.Readv(d.answer[d.got:d.got+n]).Handle(d, d.came)
	}
}

func (d *dial) came(n int, err error) {
	if !d.failed(err) {
		d.got += n
		d.read()
	}
}

// connected gives the stream away.
func (d *dial) connected() {
	d.layer.Connected()
	d.Disown(d.layer)
	d.Done(d.layer.Done(tsocket.Address{}, d.to.remote()))
}

// failed ends the layer and the dial with err, if it is one.
func (d *dial) failed(err error) bool {
	if err == nil {
		return false
	}
	d.layer.Fail(err)
	d.fail(err)
	return true
}

func (d *dial) fail(err error) { d.Fail(wrap(d.to.asked, err)) }
