package fault

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Errnos is what the call fails with: the ERRORS of its manual page, on Linux,
// as far as this system has them. Any call of the Kernel may also be interrupted.
func (c Call) Errnos() []sys.Errno {
	return slices.DeleteFunc(slices.Clone(manual[c]), func(e sys.Errno) bool { return e == 0 })
}

var manual = [calls][]sys.Errno{
	Socket: {unix.EACCES, unix.EAFNOSUPPORT, unix.EINVAL, unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM,
		unix.EPROTONOSUPPORT, unix.EINTR},
	Socketpair: {unix.EAFNOSUPPORT, unix.EFAULT, unix.EMFILE, unix.ENFILE, unix.EOPNOTSUPP, unix.EPROTONOSUPPORT, unix.EINTR},
	SetSockopt: {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOPROTOOPT, unix.ENOTSOCK, unix.EINTR},
	Sockopt:    {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOPROTOOPT, unix.ENOTSOCK, unix.EINTR},
	Bind: {unix.EACCES, unix.EADDRINUSE, unix.EBADF, unix.EINVAL, unix.ENOTSOCK, unix.EADDRNOTAVAIL, unix.EFAULT,
		unix.ELOOP, unix.ENAMETOOLONG, unix.ENOENT, unix.ENOMEM, unix.ENOTDIR, unix.EROFS, unix.EINTR},
	Listen: {unix.EADDRINUSE, unix.EBADF, unix.ENOTSOCK, unix.EOPNOTSUPP, unix.EINTR},
	Connect: {unix.EACCES, unix.EPERM, unix.EADDRINUSE, unix.EADDRNOTAVAIL, unix.EAFNOSUPPORT, unix.EAGAIN,
		unix.EALREADY, unix.EBADF, unix.ECONNREFUSED, unix.EFAULT, unix.EINPROGRESS, unix.EINTR, unix.EISCONN,
		unix.ENETUNREACH, unix.ENOTSOCK, unix.EPROTOTYPE, unix.ETIMEDOUT, unix.EHOSTUNREACH},
	Accept: {unix.EAGAIN, unix.EBADF, unix.ECONNABORTED, unix.EFAULT, unix.EINTR, unix.EINVAL, unix.EMFILE,
		unix.ENFILE, unix.ENOBUFS, unix.ENOMEM, unix.ENOTSOCK, unix.EOPNOTSUPP, unix.EPERM, unix.EPROTO, unix.ENETDOWN,
		unix.ENOPROTOOPT, unix.EHOSTDOWN, ErrnoNamed("ENONET"), unix.EHOSTUNREACH, unix.ENETUNREACH, ErrnoNamed("ENOSR"),
		unix.ESOCKTNOSUPPORT, unix.EPROTONOSUPPORT, unix.ETIMEDOUT},
	Recvmsg: {unix.EAGAIN, unix.EBADF, unix.ECONNREFUSED, unix.EFAULT, unix.EINTR, unix.EINVAL, unix.ENOMEM,
		unix.ENOTCONN, unix.ENOTSOCK, unix.ECONNRESET, unix.ETIMEDOUT, unix.EHOSTUNREACH},
	Sendmsg: {unix.EACCES, unix.EAGAIN, unix.EALREADY, unix.EBADF, unix.ECONNRESET, unix.EDESTADDRREQ, unix.EFAULT,
		unix.EINTR, unix.EINVAL, unix.EISCONN, unix.EMSGSIZE, unix.ENOBUFS, unix.ENOMEM, unix.ENOTCONN, unix.ENOTSOCK,
		unix.EOPNOTSUPP, unix.EPIPE, unix.ETIMEDOUT, unix.EHOSTUNREACH},
	Shutdown:    {unix.EBADF, unix.EINVAL, unix.ENOTCONN, unix.ENOTSOCK, unix.EINTR},
	Close:       {unix.EBADF, unix.EINTR, unix.EIO, unix.ENOSPC, unix.EDQUOT},
	Sockname:    {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOBUFS, unix.ENOTSOCK, unix.EINTR},
	Peername:    {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOBUFS, unix.ENOTCONN, unix.ENOTSOCK, unix.EINTR},
	Pending:     {unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOTTY, unix.EINTR},
	SetNonblock: {unix.EBADF, unix.EINVAL, unix.EPERM, unix.EINTR},
	Unlink: {unix.EACCES, unix.EBUSY, unix.EFAULT, unix.EIO, unix.EISDIR, unix.ELOOP, unix.ENAMETOOLONG, unix.ENOENT,
		unix.ENOMEM, unix.ENOTDIR, unix.EPERM, unix.EROFS, unix.EINTR},
	Add:  {unix.EBADF, unix.EEXIST, unix.EINVAL, unix.ELOOP, unix.ENOMEM, unix.ENOSPC, unix.EPERM},
	Want: {unix.EBADF, unix.EINVAL, unix.ENOENT, unix.ENOMEM},
	Del:  {unix.EBADF, unix.EINVAL, unix.ENOENT, unix.ENOMEM},
	Wait: {unix.EBADF, unix.EFAULT, unix.EINTR, unix.EINVAL},
}
