//go:build unix

package sim_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// packetsName is where the far side has its listener of messages.
var packetsName = must(tsocket.ParseAddress("unix:/run/messages"))

// messageOperations are those of messages that the system keeps apart.
func messageOperations() []operation {
	list := []operation{
		{Op: faulttest.Op{Name: "connect messages", Unix: true, AtOnce: true}, prepare: prepareCourier, run: runConnectMessages},
		{Op: faulttest.Op{Name: "listen messages", Opens: true, Unix: true}, prepare: func(*scene) {}, run: runListenMessages},
		{Op: faulttest.Op{Name: "accept messages", Accepts: true, Unix: true}, prepare: prepareListenMessages, run: runAcceptMessages},
		{Op: faulttest.Op{Name: "try accept messages", Accepts: true, Unix: true}, prepare: prepareListenMessages, run: runTryAcceptMessages},
		{Op: faulttest.Op{Name: "socketpair messages", AtOnce: true}, prepare: func(*scene) {}, run: runSocketpairMessages},
		{Op: faulttest.Op{Name: "messages from fd", AtOnce: true, Asks: true}, run: runMessagesFromFD},
		{Op: faulttest.Op{Name: "send message", AtOnce: true}, run: runSendMessage, again: runSendMessage},
		{Op: faulttest.Op{Name: "send message with rights", AtOnce: true, Rights: true}, run: runSendMessageRights, again: runSendMessageRights},
		{Op: faulttest.Op{Name: "recv message", Packets: true}, run: runRecvMessage, again: runRecvMessage},
		{Op: faulttest.Op{Name: "recv message with rights", Packets: true, Rights: true}, run: runRecvMessageRights, again: runRecvMessageRights},
		{Op: faulttest.Op{Name: "try send message", AtOnce: true}, run: runTrySendMessage, again: runTrySendMessage},
		{Op: faulttest.Op{Name: "try recv message", Packets: true}, run: runTryRecvMessage, again: runTryRecvMessage},
		{Op: faulttest.Op{Name: "end of messages"}, run: runEndOfMessages},
	}
	for i := range list {
		list[i].local = true
		if list[i].prepare == nil {
			list[i].prepare = prepareMessages
		}
	}
	return list
}

// frameOperations are those of messages that are frames of a stream.
func frameOperations() []operation {
	return []operation{
		{Op: faulttest.Op{Name: "send frame", AtOnce: true}, prepare: prepareFrames, run: runSendFrame, again: runSendFrame},
		{Op: faulttest.Op{Name: "recv frame", Reads: true}, prepare: prepareFrames, run: runRecvFrame, again: runRecvFrame},
		{Op: faulttest.Op{Name: "recv part of a frame", Reads: true}, prepare: prepareFrames, run: runRecvPart, again: runRecvPart},
		{Op: faulttest.Op{Name: "recv bad frame", Reads: true}, prepare: prepareFrames, run: runRecvBadFrame},
		{Op: faulttest.Op{Name: "try send frame", AtOnce: true}, prepare: prepareFrames, run: runTrySendFrame, again: runTrySendFrame},
		{Op: faulttest.Op{Name: "try recv frame", Reads: true}, prepare: prepareFrames, run: runTryRecvFrame, again: runTryRecvFrame},
	}
}

// courier has the far side listen for messages, once.
func (f *far) courier() {
	f.ev.Post(func() {
		if f.messages == nil {
			f.messages = must(tsocket.ListenMessages(f.ev, packetsName))
			f.nextMessages()
		}
	})
}

func (f *far) nextMessages() {
	f.messages.Accept().Then(f, func(m *tsocket.Messages) {
		f.couriers = append(f.couriers, m)
		f.recv(m)
		f.nextMessages()
	})
}

// recv takes what comes.
func (f *far) recv(m *tsocket.Messages) {
	buf := make([]byte, 1000)
	m.Recv(buf).SetCallback(func(r tevent.Req[tsocket.Message]) {
		g, err := r.Result()
		if err != nil {
			return // the near side has gone
		}
		f.got = append(f.got, buf[:g.N]...)
		f.recv(m)
	})
}

// post has the latest of the far side's connections do something.
func (f *far) post(do func(m *tsocket.Messages)) {
	m := f.couriers[len(f.couriers)-1]
	f.ev.Post(func() { do(m) })
}

func prepareCourier(g *scene) {
	g.far.courier()
	g.until(func() bool { return g.far.messages != nil })
}

func prepareMessages(g *scene) {
	prepareCourier(g)
	n := len(g.far.couriers)
	g.note(runConnectMessages(g))
	g.until(func() bool { return len(g.far.couriers) > n })
	g.fd = g.token()
}

// keep has m closed at the end of the run.
func (g *scene) keep(m *tsocket.Messages, err error) error {
	if err == nil {
		g.m = m
		g.ends = append(g.ends, m)
	}
	return err
}

func runConnectMessages(g *scene) error {
	return g.keep(result(g, tsocket.ConnectMessages(g.ev, packetsName)))
}

func runListenMessages(g *scene) error {
	l, err := tsocket.ListenMessages(g.ev, must(tsocket.ParseAddress("unix:@near")))
	if err == nil {
		g.ends = append(g.ends, l)
	}
	return err
}

func prepareListenMessages(g *scene) {
	l, err := tsocket.ListenMessages(g.ev, must(tsocket.ParseAddress("unix:@near")))
	g.note(err)
	g.posts = l
	g.ends = append(g.ends, l)
}

func runAcceptMessages(g *scene) error {
	r := g.posts.Accept()
	g.far.connectMessages(g.posts.Addr())
	return g.keep(result(g, r))
}

// connectMessages has the far side connect to where, three times: the first
// connections may be lost.
func (f *far) connectMessages(where tsocket.Address) {
	f.ev.Post(func() {
		for range 3 {
			tsocket.ConnectMessages(f.ev, where).SetCallback(func(r tevent.Req[*tsocket.Messages]) {
				if m, err := r.Result(); err == nil {
					f.couriers = append(f.couriers, m)
				}
			})
		}
	})
}

func runSocketpairMessages(g *scene) error {
	a, b, err := tsocket.SocketpairMessages(g.ev)
	if err == nil {
		g.ends = append(g.ends, a, b)
	}
	return err
}

func runMessagesFromFD(g *scene) error {
	fd, err := g.m.ReleaseFD()
	if err != nil {
		return err
	}
	return g.keep(tsocket.MessagesFromFD(g.ev, fd))
}

func runSendMessage(g *scene) error {
	n, err := result(g, g.m.Send([]byte(words[:20]), []byte(words[20:])))
	g.sends(words, n)
	return err
}

func runSendMessageRights(g *scene) error {
	n, err := result(g, g.m.SendRights([]byte(words), g.fd))
	g.sends(words, n)
	return err
}

func runRecvMessage(g *scene) error {
	b := make([]byte, 100)
	r := g.m.Recv(b)
	g.far.post(func(m *tsocket.Messages) { m.Send([]byte(words)).Ignore() })
	got, err := result(g, r)
	return prefix(string(b[:got.N]), words, err)
}

func runRecvMessageRights(g *scene) error {
	b := make([]byte, 100)
	r := g.m.RecvRights(b, make([]int, 2))
	g.far.post(func(m *tsocket.Messages) {
		fd, errno := g.far.ev.Driver().Kernel.Eventfd(0)
		if errno != 0 {
			panic(errno)
		}
		m.SendRights([]byte(words), fd, fd).Ignore()
		g.far.ev.Driver().Kernel.Close(fd)
	})
	got, err := result(g, r)
	return errors.Join(prefix(string(b[:got.N]), words, err), g.two(got.FDs, err))
}

// runEndOfMessages is well when the far side's end is told, behind its last message.
func runEndOfMessages(g *scene) error {
	b := make([]byte, 100)
	r := g.m.Recv(b)
	g.far.post(func(m *tsocket.Messages) {
		m.Send([]byte(words)).Ignore()
		m.SendShutdown().Ignore()
	})
	got, err := result(g, r)
	if err = prefix(string(b[:got.N]), words, err); err != nil {
		return err
	}
	_, err = result(g, g.m.Recv(b))
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errors.New("a message came behind the last")
	}
	return err
}

func prepareFrames(g *scene) {
	prepareStream(g)
	g.m = tsocket.FrameMessages(g.s)
}

// framed is words as a frame.
var framed = string(binary.BigEndian.AppendUint32(nil, uint32(len(words)))) + words

func runSendFrame(g *scene) error {
	n, err := result(g, g.m.Send([]byte(words[:9]), []byte(words[9:])))
	if n > 0 {
		n += 4
	}
	g.sends(framed, n)
	return err
}

func runRecvFrame(g *scene) error {
	b := make([]byte, 100)
	r := g.m.Recv(b)
	g.far.write(framed)
	got, err := result(g, r)
	return prefix(string(b[:got.N]), words, err)
}

// runRecvBadFrame is well when a length above the maximum is told.
func runRecvBadFrame(g *scene) error {
	r := g.m.Recv(make([]byte, 10))
	g.far.write("\xff\xff\xff\xff")
	if _, err := result(g, r); !errors.Is(err, syscall.EMSGSIZE) {
		return err
	}
	return nil
}

// runRecvPart has room for a part, twice.
func runRecvPart(g *scene) error {
	b := make([]byte, 10)
	r := g.m.Recv(b)
	g.far.write(framed + framed)
	for range 2 {
		got, err := result(g, r)
		if err != nil {
			return prefix(string(b[:got.N]), words, err)
		}
		if string(b[:got.N]) != words[:10] || !got.Truncated {
			return fmt.Errorf("received %q, %+v", b, got)
		}
		r = g.m.Recv(b)
	}
	r.Drop()
	return nil
}
