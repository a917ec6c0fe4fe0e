package kernel

import (
	"fmt"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// bind gives the socket a name. The empty one lets the kernel choose an
// abstract name of five digits.
func (u *unix) bind(a *sys.Addr) sys.Errno {
	switch {
	case a.Family != syscall.AF_UNIX:
		return syscall.EINVAL
	case a.Path == "":
		return u.autobind()
	case strings.HasPrefix(a.Path, "@"):
		return u.bindAbstract(a.Path)
	}
	h := u.host
	switch {
	case h.paths[a.Path] != nil:
		return syscall.EADDRINUSE
	case u.path != "":
		return syscall.EINVAL
	}
	u.path, u.node = a.Path, &inode{u}
	h.paths[a.Path] = u.node
	return 0
}

func (u *unix) bindAbstract(name string) sys.Errno {
	switch {
	case u.path != "":
		return syscall.EINVAL
	case u.host.names[abstract{name, u.kind}] != nil:
		return syscall.EADDRINUSE
	}
	u.path = name
	u.host.names[abstract{name, u.kind}] = u
	return 0
}

func (u *unix) autobind() sys.Errno {
	if u.path != "" {
		return 0
	}
	for {
		u.host.auto = (u.host.auto + 1) & 0xfffff
		name := fmt.Sprintf("@%05x", u.host.auto)
		if u.host.names[abstract{name, u.kind}] == nil {
			return u.bindAbstract(name)
		}
	}
}

// abstract is a name that leads to a socket of one type; each type has its own.
type abstract struct {
	path string
	kind int
}

// unname gives up an abstract name. A file name stays, and leads nowhere.
func (u *unix) unname() {
	switch {
	case u.node != nil:
		u.node.socket = nil
	case u.path != "" && u.host.names[abstract{u.path, u.kind}] == u:
		delete(u.host.names, abstract{u.path, u.kind})
	}
}

// find is the socket of a type that has a name. EINVAL: it is empty. ENOENT: there is no such file.
// ECONNREFUSED: no socket has it any more. EPROTOTYPE: one of another type.
func (h *Host) find(path string, kind int) (*unix, sys.Errno) {
	var u *unix
	switch {
	case path == "":
		return nil, syscall.EINVAL
	case strings.HasPrefix(path, "@"):
		u = h.names[abstract{path, kind}]
	default:
		node := h.paths[path]
		if node == nil {
			return nil, syscall.ENOENT
		}
		u = node.socket
	}
	switch {
	case u == nil:
		return nil, syscall.ECONNREFUSED
	case u.kind != kind:
		return nil, syscall.EPROTOTYPE
	}
	return u, 0
}

// Unlink removes the name of a unix socket. ENOENT: there is none.
func (p *Proc) Unlink(path string) sys.Errno {
	p.enter()
	if p.exited || p.host.paths[path] == nil {
		return syscall.ENOENT
	}
	delete(p.host.paths, path)
	return 0
}

// Paths tells whether the host has a file with the name, for the world's oracles.
func (h *Host) Paths(name string) bool { return h.paths[name] != nil }
