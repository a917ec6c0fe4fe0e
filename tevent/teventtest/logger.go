package teventtest

import (
	"context"
	"log/slog"
	"strings"
	"testing"
)

// failing is a slog.Handler that fails a test with each warning and error. It
// is immutable.
type failing struct {
	t testing.TB
}

var _ slog.Handler = failing{}

func logger(t testing.TB) *slog.Logger { return slog.New(failing{t}) }

func (failing) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }

func (f failing) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Message)
	r.Attrs(func(a slog.Attr) bool {
		b.WriteString(" " + a.String())
		return true
	})
	f.t.Error(b.String())
	return nil
}

func (f failing) WithAttrs([]slog.Attr) slog.Handler { return f }

func (f failing) WithGroup(string) slog.Handler { return f }
