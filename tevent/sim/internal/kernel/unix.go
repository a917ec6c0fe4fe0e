package kernel

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// unix is a unix socket of any type. Nothing between two of them takes time.
type unix struct {
	sock
	listens bool
	joined  bool // it was connected; a stream stays so when the peer has gone
	closed  bool
	path    string
	node    *inode // that path stands for; nil for abstract names
	peer    *unix

	cred sys.Cred // who made it, called Listen or Connect
	with sys.Cred // who is at the other end

	stream  stream   // to be received, of a stream
	packets []packet // to be received, otherwise
	sent    int      // bytes of its own that have not been received, with what they cost
	senders []*unix  // those who wait for room in packets

	queue   []*unix // of a listener
	backlog int
	parent  *unix // of one that has not been accepted
}

// inode is a name in the file system. It stays when its socket is closed.
type inode struct{ socket *unix }

func (p *Proc) createUnix(typ, proto int) (socket, sys.Errno) {
	switch {
	case proto != 0 && proto != syscall.AF_UNIX:
		return nil, syscall.EPROTONOSUPPORT
	case typ != syscall.SOCK_STREAM && typ != syscall.SOCK_DGRAM && typ != syscall.SOCK_SEQPACKET:
		return nil, syscall.ESOCKTNOSUPPORT
	}
	return newUnix(p, typ), 0
}

func newUnix(p *Proc, typ int) *unix {
	return &unix{sock: newSock(p.host, syscall.AF_UNIX, typ), cred: p.Cred, with: nobody}
}

// nobody is the peer of a socket that has none.
var nobody = sys.Cred{UID: 1<<32 - 1, GID: 1<<32 - 1}

// Socketpair creates two connected unix sockets.
func (p *Proc) Socketpair(domain, typ, proto int) ([2]int, sys.Errno) {
	p.enter()
	none := [2]int{-1, -1}
	a, e := p.create(domain, typ, proto)
	if e != 0 {
		return none, e
	}
	if domain != syscall.AF_UNIX {
		return none, syscall.EOPNOTSUPP
	}
	x, y := a.(*unix), newUnix(p, typ)
	x.join(y, p.Cred)
	y.join(x, p.Cred)
	fds := none
	for i, s := range [2]*unix{x, y} {
		fds[i], e = p.open(s)
		if e != 0 {
			p.discard(fds[0])
			return none, e
		}
	}
	return fds, 0
}

// discard closes a descriptor that a call has made and cannot return.
func (p *Proc) discard(fd int) {
	if f := p.table.remove(fd); f != nil {
		f.drop()
	}
}

// join connects u to v, of whom with is known.
func (u *unix) join(v *unix, with sys.Cred) {
	u.peer, u.joined, u.with = v, true, with
}

func (u *unix) oriented() bool { return u.kind != syscall.SOCK_DGRAM }

func (u *unix) name() string {
	if u.path == "" {
		return "unix"
	}
	return "unix " + u.path
}

func (u *unix) poll(asked sys.Ready) sys.Ready {
	r := u.ends()
	if len(u.queue) > 0 || len(u.packets) > 0 || u.stream.unread() > 0 {
		r |= sys.In
	}
	if u.oriented() && !u.joined && !u.listens {
		r |= sys.Hangup
	}
	if u.writable() && (u.kind == syscall.SOCK_STREAM || asked&sys.Out == 0 || u.admitted()) {
		r |= sys.Out
	}
	return r
}

// writable tells whether little of what was sent has not been received.
func (u *unix) writable() bool { return !u.listens && u.sent*4 <= u.options.sendBuf }

// overhead is what a message costs beside its bytes.
const overhead = 768

// freed is called when n bytes of its own have been received.
func (u *unix) freed(n int) {
	u.sent -= n
	if !u.closed && u.writable() {
		u.file.wake(sys.Out)
	}
}

func (u *unix) sockname() sys.Addr { return u.address() }

func (u *unix) address() sys.Addr { return sys.Addr{Family: syscall.AF_UNIX, Path: u.path} }

func (u *unix) peername() (sys.Addr, sys.Errno) {
	if u.peer == nil {
		return sys.Addr{}, syscall.ENOTCONN
	}
	return u.peer.address(), 0
}

// Peercred is who was at the other end of a unix socket when it connected.
func (p *Proc) Peercred(fd int) (sys.Cred, sys.Errno) {
	s, e := p.socket(fd)
	if e != 0 {
		return sys.Cred{}, e
	}
	if u, ok := s.(*unix); ok {
		return u.with, 0
	}
	return nobody, 0
}

func (u *unix) pending() (int, sys.Errno) {
	switch {
	case u.listens:
		return 0, syscall.EINVAL
	case u.kind == syscall.SOCK_STREAM:
		return int(u.stream.unread()), 0
	case u.kind == syscall.SOCK_SEQPACKET:
		n := 0
		for _, k := range u.packets {
			n += len(k.data)
		}
		return n, 0
	case len(u.packets) == 0:
		return 0, 0
	}
	return len(u.packets[0].data), 0
}

func (u *unix) shutdown(how int) sys.Errno {
	dir, e := closes(how)
	if e != 0 {
		return e
	}
	u.shut |= dir
	u.file.wake(all)
	if v := u.peer; v != nil && u.oriented() {
		if dir&reading != 0 {
			v.shut |= writing
		}
		if dir&writing != 0 {
			v.shut |= reading
		}
		v.file.wake(all)
	}
	return 0
}

// release is close. A peer that has sent what was not received, or that was
// not accepted, hears of a reset.
func (u *unix) release() {
	u.closed = true
	u.unname()
	lost := u.stream.unread() > 0 || len(u.packets) > 1 || len(u.packets) == 1 && len(u.packets[0].data) > 0
	if v := u.peer; v != nil && u.oriented() {
		v.shut = both
		if lost || u.parent != nil {
			v.err = syscall.ECONNRESET
		}
		v.file.wake(all)
	}
	for _, c := range u.queue {
		c.release()
	}
	u.queue = nil
	u.listens = false
	u.purge()
	u.peer = nil
	u.wakeSenders()
	u.host.net.collect()
}

// purge forgets what was not received.
func (u *unix) purge() {
	u.stream.purge(u.host.net, u.peer)
	for _, k := range u.packets {
		u.host.net.dropAll(k.rights)
		k.from.freed(k.cost())
	}
	u.packets = nil
}
