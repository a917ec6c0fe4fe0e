package sim

import (
	"context"
	"log/slog"
	"strings"
)

// reports is a slog.Handler for what the event context of a process reports.
type reports struct{ p *Proc }

var _ slog.Handler = reports{}

func logger(p *Proc) *slog.Logger { return slog.New(reports{p}) }

func (reports) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }

func (r reports) Handle(_ context.Context, rec slog.Record) error {
	var b strings.Builder
	rec.Attrs(func(a slog.Attr) bool {
		b.WriteString(" " + a.String())
		return true
	})
	r.p.world.rec.remark(r.p.String()+" reports: "+rec.Message, b.String())
	return nil
}

func (r reports) WithAttrs([]slog.Attr) slog.Handler { return r }

func (r reports) WithGroup(string) slog.Handler { return r }
