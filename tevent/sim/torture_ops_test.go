//go:build unix

package sim_test

import (
	"slices"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
)

// operation is one of those that are tortured.
type operation struct {
	faulttest.Op
	local   bool // the far side is on the same host, at a unix address
	prepare func(g *scene)
	run     func(g *scene) error // starts it and waits
	again   func(g *scene) error // once more on the same stream; nil if there is none
	once    bool                 // it is not run afterwards
}

// operations are all there are.
func operations() []operation {
	list := []operation{
		{Op: faulttest.Op{Name: "listen", Opens: true}, run: runListen},
		{Op: faulttest.Op{Name: "listen everywhere", Opens: true, Any: true}, run: runListenEverywhere},
		{Op: faulttest.Op{Name: "listen unix", Opens: true, Unix: true}, local: true, run: runListenUnix},
		{Op: faulttest.Op{Name: "connect tcp", Late: true}, run: runConnect},
		{Op: faulttest.Op{Name: "connect tcp from", Late: true}, run: runConnectFrom},
		{Op: faulttest.Op{Name: "connect unix", Unix: true}, local: true, run: runConnect},
		{Op: faulttest.Op{Name: "accept", Accepts: true}, prepare: prepareAccept, run: runAccept},
		{Op: faulttest.Op{Name: "accept later", Accepts: true}, prepare: prepareListen, run: runAcceptLater},
		{Op: faulttest.Op{Name: "try accept", Accepts: true, AtOnce: true}, prepare: prepareAccept, run: runTryAccept},
		{Op: faulttest.Op{Name: "socketpair", AtOnce: true}, run: runSocketpair},
		{Op: faulttest.Op{Name: "fd event"}, prepare: prepareFD, run: runFD},
		{Op: faulttest.Op{Name: "fd event of room"}, prepare: prepareFD, run: runWritableFD},
		{Op: faulttest.Op{Name: "signal"}, prepare: prepareSignal, run: runSignal},
		{Op: faulttest.Op{Name: "next signal"}, prepare: prepareSignal, run: runNextSignal},
		{Op: faulttest.Op{Name: "offload"}, run: runOffload},
		{Op: faulttest.Op{Name: "timer"}, run: runTimer},
		{Op: faulttest.Op{Name: "loop wait"}, run: runLoopWait},
		{Op: faulttest.Op{Name: "run"}, run: runRun},
		{Op: faulttest.Op{Name: "pipe"}, run: runPipe},
		{Op: faulttest.Op{Name: "dial", Loose: true, Late: true}, prepare: prepareDial, run: runDial},
		{Op: faulttest.Op{Name: "answer", Loose: true, Accepts: true}, prepare: prepareAnswer, run: runAnswer},
	}
	list = append(list, dgramOperations(false)...)
	list = append(list, dgramOperations(true)...)
	list = append(list, socketOperations()...)
	list = append(list, rightsOperations()...)
	list = append(list, messageOperations()...)
	for _, over := range []string{"tcp", "unix"} {
		for _, op := range slices.Concat(streamOperations(), tryOperations(), frameOperations(), layerOperations()) {
			op.Name += " " + over
			op.local = over == "unix"
			list = append(list, op)
		}
	}
	for i := range list {
		if list[i].prepare == nil {
			list[i].prepare = func(*scene) {}
		}
	}
	return list
}

// streamOperations are those of a connected stream.
func streamOperations() []operation {
	list := []operation{
		{Op: faulttest.Op{Name: "readv", Reads: true}, run: runReadv, again: runReadv},
		{Op: faulttest.Op{Name: "readv exact"}, prepare: prepareExact, run: runReadv, again: runReadv},
		{Op: faulttest.Op{Name: "readv to the end", More: true}, run: runReadEnd},
		{Op: faulttest.Op{Name: "peek", Reads: true}, run: runPeek, again: runPeek},
		{Op: faulttest.Op{Name: "pdu", Reads: true}, run: runPDU, again: runPDU},
		{Op: faulttest.Op{Name: "writev"}, run: runWritev, again: runWritev},
		{Op: faulttest.Op{Name: "writev long", Long: true}, run: runLongWritev},
		{Op: faulttest.Op{Name: "writev queue", AtOnce: true}, run: runWritevQueue, again: runWritevQueue},
		{Op: faulttest.Op{Name: "send", AtOnce: true}, run: runSend, again: runSend},
		{Op: faulttest.Op{Name: "send shutdown", AtOnce: true}, run: runSendShutdown},
		{Op: faulttest.Op{Name: "shutdown write", AtOnce: true}, run: runShutdownWrite},
		{Op: faulttest.Op{Name: "disconnect", AtOnce: true}, run: runDisconnect},
		{Op: faulttest.Op{Name: "close", AtOnce: true}, run: func(g *scene) error { return g.s.Close() }},
		{Op: faulttest.Op{Name: "abort", AtOnce: true}, run: func(g *scene) error { return g.s.Abort() }},
		{Op: faulttest.Op{Name: "monitor"}, run: runMonitor},
		{Op: faulttest.Op{Name: "pending", AtOnce: true}, run: runPending, again: runPending},
		{Op: faulttest.Op{Name: "set event context", AtOnce: true}, run: runMove, again: runMove},
		{Op: faulttest.Op{Name: "from fd", AtOnce: true}, run: runFromFD},
	}
	for i := range list {
		if list[i].prepare == nil {
			list[i].prepare = prepareStream
		}
	}
	return list
}
