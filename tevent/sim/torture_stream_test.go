//go:build unix

package sim_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

const words = "the quick brown fox jumps over the lazy dog, and over and over it"

var lengthy = strings.Repeat(words, 300)

// prepareStream connects to the far side.
func prepareStream(g *scene) {
	n := len(g.far.conns)
	s, err := result(g, tsocket.Connect(g.ev, g.far.addr))
	g.note(err)
	g.s = s
	g.until(func() bool { return len(g.far.conns) > n })
}

func prepareExact(g *scene) {
	prepareStream(g)
	g.s.SetReadAhead(0)
}

// prefix complains unless got is a beginning of want, and all of it if err is nil.
func prefix(got, want string, err error) error {
	if !strings.HasPrefix(want, got) || err == nil && got != want {
		return fmt.Errorf("the bytes are %q, not of %q, beside %v", got, want, err)
	}
	return err
}

func runReadv(g *scene) error {
	b := make([]byte, len(words))
	r := g.s.Readv(b[:10], b[10:])
	g.far.write(words)
	n, err := result(g, r)
	return prefix(string(b[:n]), words, err)
}

// runReadEnd reads more than comes before the far side ends.
func runReadEnd(g *scene) error {
	b := make([]byte, 2*len(words))
	r := g.s.Readv(b)
	g.far.write(words)
	g.far.shut()
	n, err := result(g, r)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return prefix(string(b[:n]), words, err)
}

func runPeek(g *scene) error {
	r := g.s.Peek(len(words))
	g.far.write(words)
	b, err := result(g, r)
	text := string(b)
	g.s.Consume(len(b))
	return prefix(text, words, err)
}

func runPDU(g *scene) error {
	pdu := string(binary.BigEndian.AppendUint32(nil, uint32(len(words)))) + words
	r := readv.PDU(g.s, frame, nil)
	g.far.write(pdu)
	b, err := result(g, r)
	return prefix(string(b), pdu, err)
}

// send notes what an operation says of the bytes it sends.
func (g *scene) sends(text string, n int) {
	g.text, g.told = text, n
}

func runWritev(g *scene) error {
	n, err := result(g, g.s.Writev([]byte(words[:10]), []byte(words[10:])))
	g.sends(words, n)
	return err
}

func runLongWritev(g *scene) error {
	r := g.s.Writev([]byte(lengthy[:5]), []byte(lengthy[5:]))
	g.far.listen()
	n, err := result(g, r)
	g.sends(lengthy, n)
	return err
}

func runWritevQueue(g *scene) error {
	q := queue.New(g.ev, "torture")
	g.ends = append(g.ends, q)
	return sendBoth(g, g.s.WritevQueue(q, []byte(words[:20])), g.s.WritevQueue(q, []byte(words[20:])))
}

func runSend(g *scene) error {
	return sendBoth(g, g.s.Send([]byte(words[:20])), g.s.Send([]byte(words[20:])))
}

// sendBoth waits for two messages in a row.
func sendBoth(g *scene, first, second tevent.Req[int]) error {
	n, err := result(g, first)
	k, err2 := result(g, second)
	g.sends(words, n+k)
	if err == nil {
		err = err2
	}
	return err
}

func runSendShutdown(g *scene) error {
	sent := g.s.Send([]byte(words))
	_, err := result(g, g.s.SendShutdown())
	n, err2 := result(g, sent)
	g.sends(words, n)
	if err2 != nil {
		return err2
	}
	return err
}

func runShutdownWrite(g *scene) error {
	_, err := result(g, g.s.ShutdownWrite())
	return err
}

func runDisconnect(g *scene) error {
	_, err := result(g, g.s.Disconnect())
	return err
}

// runMonitor is well when the far side's reset is told, or its end.
func runMonitor(g *scene) error {
	r := g.s.Monitor()
	g.far.reset()
	_, err := result(g, r)
	if errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func runPending(g *scene) error {
	_, err := g.s.Pending()
	return err
}

func runMove(g *scene) error {
	if err := g.s.SetEventContext(nil); err != nil {
		return err
	}
	return g.s.SetEventContext(g.ev)
}

// runFromFD makes another stream of the descriptor.
func runFromFD(g *scene) error {
	fd, _, err := g.s.ReleaseFD()
	if err != nil {
		return err
	}
	g.s, err = tsocket.FromFD(g.ev, fd)
	return err
}
