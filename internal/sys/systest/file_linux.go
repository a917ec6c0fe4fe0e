package systest

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"
)

func files(t *testing.T, on System) {
	tests{
		{"EventfdCountsAndIsEmptyAfterARead", on.EventfdCountsAndIsEmptyAfterARead},
		{"MappingsOfOneMemfdAreTheSameMemory", on.MappingsOfOneMemfdAreTheSameMemory},
		{"SealsForbidWhatTheySay", on.SealsForbidWhatTheySay},
	}.run(t)
}

func (on System) EventfdCountsAndIsEmptyAfterARead(t *testing.T) {
	k := on.Kernel()
	fd, e := k.Eventfd(2)
	must(t, e)
	defer k.Close(fd)
	b := binary.NativeEndian.AppendUint64(nil, 40)
	_, e = k.Write(fd, b)
	must(t, e)
	_, e = k.Read(fd, b)
	must(t, e)
	if n := binary.NativeEndian.Uint64(b); n != 42 {
		t.Errorf("%d", n)
	}
	_, e = k.Read(fd, b)
	wantErrno(t, e, unix.EAGAIN)
}

func (on System) MappingsOfOneMemfdAreTheSameMemory(t *testing.T) {
	k := on.Kernel()
	fd, e := k.Memfd("test")
	must(t, e)
	must(t, k.Truncate(fd, 4096))
	again, e := k.Dup(fd)
	must(t, e)
	a, e := k.Map(fd, 4096)
	must(t, e)
	must(t, k.Close(fd))
	b, e := k.Map(again, 4096)
	must(t, e)
	a[4095] = 7
	size, e := k.Size(again)
	must(t, e)
	if b[4095] != 7 || size != 4096 {
		t.Errorf("byte %d, size %d", b[4095], size)
	}
	must(t, k.Unmap(a))
	must(t, k.Unmap(b))
	wantErrno(t, k.Unmap(b), unix.EINVAL)
	must(t, k.Close(again))
}

func (on System) SealsForbidWhatTheySay(t *testing.T) {
	k := on.Kernel()
	fd, e := k.Memfd("test")
	must(t, e)
	defer k.Close(fd)
	must(t, k.Truncate(fd, 4096))
	must(t, k.Seal(fd, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW))
	wantErrno(t, k.Truncate(fd, 1), unix.EPERM)
	wantErrno(t, k.Truncate(fd, 8192), unix.EPERM)
	must(t, k.Seal(fd, unix.F_SEAL_SEAL))
	wantErrno(t, k.Seal(fd, unix.F_SEAL_WRITE), unix.EPERM)
	s, e := k.Seals(fd)
	must(t, e)
	if s != unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL {
		t.Errorf("seals %b", s)
	}
	_, e = k.Seals(pair(t, k)[0])
	wantErrno(t, e, unix.EINVAL)
}
