// Package posix is the system of package sys on any Unix: a Kernel of portable
// calls, a Poller over poll(2), and a Host of goroutines. It runs on Linux too,
// where it is tested, and where poll takes over when epoll fails.
//
// What the systems do not share is in the files named after them.
//
// # Exceptions
//
// A Wait costs time for each registered descriptor, a sleeping context a
// thread, and most calls an allocation or two.
//
// poll(2) has no edges: a direction that was reported is watched again after
// the next Want. Where it does not know POLLRDHUP (all but Linux and FreeBSD)
// the peer's close is seen when it is the next thing to read, not behind unread
// bytes, and not by an FD event that asks for nothing but FDError.
//
// On Linux an abstract name of a unix socket is one byte shorter than it could
// be, and is reported up to its first NUL; elsewhere there are no abstract names. Counters and files in memory (Eventfd,
// Memfd, Seal) are Linux's, ENOSYS elsewhere; so is Peercred, EOPNOTSUPP where
// there is nothing like it.
package posix
