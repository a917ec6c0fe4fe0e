// Command checkrun reads what examples/quickstart -json printed and fails
// unless its last line is a JSON object that reports a complete transfer with
// nothing leaked.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// result is the part of the object that a good run is judged by.
type result struct {
	Path     string `json:"path"`
	Bytes    int64  `json:"bytes"`
	Sent     string `json:"sha256_sent"`
	Received string `json:"sha256_received"`
	Leaked   *int   `json:"leaked"`
}

func main() {
	if err := check(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "checkrun:", err)
		os.Exit(1)
	}
}

func check(r io.Reader) error {
	var last string
	in := bufio.NewScanner(r)
	for in.Scan() {
		last = in.Text()
	}
	if err := in.Err(); err != nil {
		return err
	}
	fmt.Println(last)
	var got result
	if err := json.Unmarshal([]byte(last), &got); err != nil {
		return fmt.Errorf("the last line is no JSON object: %w", err)
	}
	switch {
	case got.Path == "" || got.Bytes <= 0:
		return fmt.Errorf("nothing was transferred")
	case len(got.Sent) != 64 || got.Sent != got.Received:
		return fmt.Errorf("the hashes %q and %q are not those of one file", got.Sent, got.Received)
	case got.Leaked == nil || *got.Leaked != 0:
		return fmt.Errorf("leaks, or no word about them")
	}
	return nil
}
