package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// useGoroutines looks words up at the same time, and then one for which the
// server has no answer and the caller no patience.
func useGoroutines(d dictionary) (string, error) {
	words := []string{"one", "two", "three", "four"}
	var wg sync.WaitGroup
	found, errs := make([]string, len(words)), make([]error, len(words))
	for i, word := range words {
		wg.Go(func() { found[i], errs[i] = d.Find(context.Background(), word) })
	}
	wg.Wait()
	errs = append(errs, loseTwice(d))
	return strings.Join(found, ", ") + "; a deadline and a cancel ended the rest", errors.Join(errs...)
}

// loseTwice gives up on a word, by a deadline and by a cancel with a cause.
func loseTwice(d dictionary) error {
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	if _, err := d.Find(ctx, "unheard"); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("after the deadline: %w", err)
	}
	bored := errors.New("bored")
	ctx, cancel := context.WithCancelCause(context.Background())
	time.AfterFunc(20*time.Millisecond, func() { cancel(bored) })
	if _, err := d.Find(ctx, "unheard"); !errors.Is(err, bored) {
		return fmt.Errorf("after the cancel: %w", err)
	}
	return nil
}
