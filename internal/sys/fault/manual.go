package fault

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Errnos is what the call fails with: the ERRORS of its manual page, on Linux,
// as far as this system has them. Any call of the Kernel may also be interrupted.
func (c Call) Errnos() []sys.Errno {
	return slices.DeleteFunc(slices.Clone(manual[c]), func(e sys.Errno) bool { return e == 0 })
}

// receiving and sending are the same whatever the call moves.
var (
	receiving = []sys.Errno{syscall.EAGAIN, syscall.EBADF, syscall.ECONNREFUSED, syscall.EFAULT, syscall.EINTR, syscall.EINVAL, syscall.ENOMEM,
		syscall.ENOTCONN, syscall.ENOTSOCK, syscall.ECONNRESET, syscall.ETIMEDOUT, syscall.EHOSTUNREACH}
	sending = []sys.Errno{syscall.EACCES, syscall.EAGAIN, syscall.EALREADY, syscall.EBADF, syscall.ECONNRESET, syscall.EDESTADDRREQ, syscall.EFAULT,
		syscall.EINTR, syscall.EINVAL, syscall.EISCONN, syscall.EMSGSIZE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ENOTCONN, syscall.ENOTSOCK,
		syscall.EOPNOTSUPP, syscall.EPIPE, syscall.ETIMEDOUT, syscall.EHOSTUNREACH}
)

var manual = [calls][]sys.Errno{
	Socket: {syscall.EACCES, syscall.EAFNOSUPPORT, syscall.EINVAL, syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
		syscall.EPROTONOSUPPORT, syscall.EINTR},
	Socketpair: {syscall.EAFNOSUPPORT, syscall.EFAULT, syscall.EMFILE, syscall.ENFILE, syscall.EOPNOTSUPP, syscall.EPROTONOSUPPORT, syscall.EINTR},
	SetSockopt: {syscall.EBADF, syscall.EFAULT, syscall.EINVAL, syscall.ENOPROTOOPT, syscall.ENOTSOCK, syscall.EINTR},
	Sockopt:    {syscall.EBADF, syscall.EFAULT, syscall.EINVAL, syscall.ENOPROTOOPT, syscall.ENOTSOCK, syscall.EINTR},
	Bind: {syscall.EACCES, syscall.EADDRINUSE, syscall.EBADF, syscall.EINVAL, syscall.ENOTSOCK, syscall.EADDRNOTAVAIL, syscall.EFAULT,
		syscall.ELOOP, syscall.ENAMETOOLONG, syscall.ENOENT, syscall.ENOMEM, syscall.ENOTDIR, syscall.EROFS, syscall.EINTR},
	Listen: {syscall.EADDRINUSE, syscall.EBADF, syscall.ENOTSOCK, syscall.EOPNOTSUPP, syscall.EINTR},
	Connect: {syscall.EACCES, syscall.EPERM, syscall.EADDRINUSE, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT, syscall.EAGAIN,
		syscall.EALREADY, syscall.EBADF, syscall.ECONNREFUSED, syscall.EFAULT, syscall.EINPROGRESS, syscall.EINTR, syscall.EISCONN,
		syscall.ENETUNREACH, syscall.ENOTSOCK, syscall.EPROTOTYPE, syscall.ETIMEDOUT, syscall.EHOSTUNREACH},
	Accept: {syscall.EAGAIN, syscall.EBADF, syscall.ECONNABORTED, syscall.EFAULT, syscall.EINTR, syscall.EINVAL, syscall.EMFILE,
		syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ENOTSOCK, syscall.EOPNOTSUPP, syscall.EPERM, syscall.EPROTO, syscall.ENETDOWN,
		syscall.ENOPROTOOPT, syscall.EHOSTDOWN, ErrnoNamed("ENONET"), syscall.EHOSTUNREACH, syscall.ENETUNREACH, ErrnoNamed("ENOSR"),
		syscall.ESOCKTNOSUPPORT, syscall.EPROTONOSUPPORT, syscall.ETIMEDOUT},
	Recvmsg:     receiving,
	RecvPacket:  receiving,
	RecvPackets: receiving,
	Sendmsg:     sending,
	SendPacket:  append(slices.Clone(sending), syscall.ETOOMANYREFS),
	SendPackets: append(slices.Clone(sending), syscall.EIO), // what several datagrams in one packet may come to
	Join:        {syscall.EBADF, syscall.EINVAL, syscall.ENODEV, syscall.EADDRINUSE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ENOTSOCK, syscall.EINTR},
	Leave:       {syscall.EBADF, syscall.EINVAL, syscall.ENODEV, syscall.EADDRNOTAVAIL, syscall.ENOTSOCK, syscall.EINTR},
	Dup:         {syscall.EBADF, syscall.EBUSY, syscall.EINVAL, syscall.EMFILE, syscall.EINTR},
	Peercred:    {syscall.EBADF, syscall.EFAULT, syscall.EINVAL, syscall.ENOPROTOOPT, syscall.ENOTSOCK, syscall.EINTR},
	Shutdown:    {syscall.EBADF, syscall.EINVAL, syscall.ENOTCONN, syscall.ENOTSOCK, syscall.EINTR},
	Close:       {syscall.EBADF, syscall.EINTR, syscall.EIO, syscall.ENOSPC, syscall.EDQUOT},
	Sockname:    {syscall.EBADF, syscall.EFAULT, syscall.EINVAL, syscall.ENOBUFS, syscall.ENOTSOCK, syscall.EINTR},
	Peername:    {syscall.EBADF, syscall.EFAULT, syscall.EINVAL, syscall.ENOBUFS, syscall.ENOTCONN, syscall.ENOTSOCK, syscall.EINTR},
	Pending:     {syscall.EBADF, syscall.EFAULT, syscall.EINVAL, syscall.ENOTTY, syscall.EINTR},
	SetNonblock: {syscall.EBADF, syscall.EINVAL, syscall.EPERM, syscall.EINTR},
	Unlink: {syscall.EACCES, syscall.EBUSY, syscall.EFAULT, syscall.EIO, syscall.EISDIR, syscall.ELOOP, syscall.ENAMETOOLONG, syscall.ENOENT,
		syscall.ENOMEM, syscall.ENOTDIR, syscall.EPERM, syscall.EROFS, syscall.EINTR},
	Add:  {syscall.EBADF, syscall.EEXIST, syscall.EINVAL, syscall.ELOOP, syscall.ENOMEM, syscall.ENOSPC, syscall.EPERM},
	Want: {syscall.EBADF, syscall.EINVAL, syscall.ENOENT, syscall.ENOMEM},
	Del:  {syscall.EBADF, syscall.EINVAL, syscall.ENOENT, syscall.ENOMEM},
	Wait: {syscall.EBADF, syscall.EFAULT, syscall.EINTR, syscall.EINVAL},
}
