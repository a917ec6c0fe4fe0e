package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// runBoth is the process that starts the other two, and adds up what they say.
func runBoth(s settings) error {
	if err := regular(s.file); err != nil {
		return err
	}
	runtime.LockOSThread() // the children end with this thread
	server, lines, err := startServer(s)
	if err != nil {
		return err
	}
	addr, err := address(lines)
	if err != nil {
		server.Wait()
		return err
	}
	r, err := dial(s, addr)
	if err != nil {
		server.Process.Kill()
		server.Wait()
		return err
	}
	theirs, err := last(lines)
	if server.Wait() != nil {
		return errTold
	}
	if err != nil {
		return fmt.Errorf("server: %w", err)
	}
	r.Requests += theirs.Requests
	if err := r.print(os.Stdout, s.json); err != nil {
		return err
	}
	return r.verdict()
}

// errTold is a failure that the child has told about.
var errTold = errors.New("told")

// regular is why a path is no file that can be sent.
func regular(path string) error {
	info, err := os.Stat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() == 0) {
		err = fmt.Errorf("%s is no file with bytes in it", path)
	}
	return err
}

// child is this program once more, as one of the halves.
func child(s settings, args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, append(args, "-json", "-timeout", s.timeout.String())...)
	cmd.Stderr = os.Stderr
	tie(cmd)
	return cmd, nil
}

func startServer(s settings) (*exec.Cmd, *bufio.Reader, error) {
	cmd, err := child(s, "-listen", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	return cmd, bufio.NewReader(out), cmd.Start()
}

// address is where the server says it listens.
func address(lines *bufio.Reader) (string, error) {
	line, err := lines.ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		return "", errors.Join(errTold, err)
	}
	return addr, nil
}

// dial runs the client to its end.
func dial(s settings, addr string) (*report, error) {
	args := []string{"-dial", addr, "-file", s.file}
	if s.leak {
		args = append(args, "-leak")
	}
	cmd, err := child(s, args...)
	if err != nil {
		return nil, err
	}
	out, err := cmd.Output()
	if err != nil && len(out) == 0 {
		return nil, errTold
	}
	r := &report{}
	return r, json.Unmarshal(out, r)
}

// last is the report on the last line.
func last(lines io.Reader) (report, error) {
	var r report
	err := json.NewDecoder(lines).Decode(&r)
	return r, err
}
