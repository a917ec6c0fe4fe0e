//go:build linux

package fidelity

import (
	"golang.org/x/sys/unix"
)

// verbs are the calls of a script. Data is "text", a number of bytes or u64:N;
// x*5 is x five times, for data and for descriptors; for addresses see
// run.address.
var verbs = map[string]func(*run, *step) string{
	// Sockets.
	"socket":     socket,     // x = socket DOMAIN TYPE [PROTO]
	"socketpair": socketpair, // x y = socketpair DOMAIN TYPE
	"bind":       bind,       // bind x ADDRESS
	"listen":     listen,     // listen x BACKLOG
	"connect":    connect,    // connect x ADDRESS
	"accept":     accept,     // y = accept x
	"shutdown":   shutdown,   // shutdown x rd|wr|rdwr
	"sockname":   sockname,   // sockname x
	"peername":   peername,   // peername x
	"peercred":   peercred,   // peercred x
	"get":        get,        // get x OPTION
	"set":        set,        // set x OPTION VALUE
	"unlink":     unlink,     // unlink ADDRESS
	"join":       joinGroup,  // join x GROUP INTERFACE
	"leave":      leaveGroup, // leave x GROUP INTERFACE

	// Data.
	"send":     send,     // send x DATA...
	"recv":     recv,     // recv x SIZE...
	"sendto":   sendto,   // sendto x ADDRESS DATA... [with DESCRIPTOR...]
	"recvfrom": recvfrom, // [y...] = recvfrom x SIZE... [room N]
	"sendall":  sendall,  // sendall x ADDRESS DATA... [segment N]: a packet each
	"recvall":  recvall,  // recvall x SIZE COUNT: so many packets at most
	"pending":  pending,  // pending x
	"fill":     fill,     // fill x: send until nothing is taken any more
	"drain":    drain,    // drain x y: receive until nothing is there, of what y was filled with

	// Any descriptor.
	"close":    closeFD,  // close x
	"dup":      dup,      // y = dup x
	"nonblock": nonblock, // nonblock x
	"read":     read,     // read x SIZE
	"write":    write,    // write x DATA
	"eventfd":  eventfd,  // x = eventfd N

	// Memory.
	"memfd":    memfd,    // x = memfd NAME
	"truncate": truncate, // truncate x SIZE
	"size":     size,     // size x
	"seal":     seal,     // seal x SEAL...
	"seals":    seals,    // seals x
	"map":      mapFD,    // m = map x SIZE
	"unmap":    unmap,    // unmap m
	"poke":     poke,     // poke m OFFSET DATA
	"peek":     peek,     // peek m OFFSET SIZE

	// Pollers. Without "on p" it is one that every run has.
	"poller":      poller,      // p = poller
	"add":         add,         // add x edge|level [on p]
	"want":        want,        // want x CONDITION,... [on p]
	"del":         del,         // del x [on p]
	"wait":        wait,        // wait [on p]
	"closepoller": closePoller, // closepoller p

	// Several calls at once, for the beginning of a script.
	"tcp":  tcp,  // x y = tcp: a connection over 127.0.0.1
	"tcp6": tcp6, // x y = tcp6: over ::1
	"pair": pair, // x y = pair: a stream between unix sockets
	"udp":  udp,  // x = udp: bound to 127.0.0.1
}

var domains = map[string]int{"inet": unix.AF_INET, "inet6": unix.AF_INET6, "unix": unix.AF_UNIX}

var types = map[string]int{
	"stream": unix.SOCK_STREAM, "dgram": unix.SOCK_DGRAM, "seqpacket": unix.SOCK_SEQPACKET, "raw": unix.SOCK_RAW,
}

var protocols = map[string]int{"tcp": unix.IPPROTO_TCP, "udp": unix.IPPROTO_UDP}

var directions = map[string]int{"rd": unix.SHUT_RD, "wr": unix.SHUT_WR, "rdwr": unix.SHUT_RDWR}
