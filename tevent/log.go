package tevent

import (
	"context"
	"log/slog"
)

// SetLogger sets where the context reports at Warn what is somebody's mistake,
// such as a failure that nobody takes; nil, the start value, is slog.Default.
//
// If l is enabled for Debug at this call, each moment that SetTrace tells, except
// turns and waits, becomes a line at that level; if it is not, that costs
// nothing. Source: tevent_set_debug, tevent_set_debug_stderr,
// tevent_set_max_debug_level.
func (ev *Context) SetLogger(l *slog.Logger) {
	ev.logger = l
	ev.verbose = l != nil && l.Enabled(context.Background(), slog.LevelDebug)
	ev.attend()
}

func (ev *Context) log() *slog.Logger {
	if ev.logger == nil {
		return slog.Default()
	}
	return ev.logger
}

// logged is a trace that the logger is told too; f may be nil.
func (ev *Context) logged(f func(*TraceEvent)) func(*TraceEvent) {
	return func(e *TraceEvent) {
		ev.logMoment(e)
		if f != nil {
			f(e)
		}
	}
}

func (ev *Context) logMoment(e *TraceEvent) {
	if e.Kind == KindTurn {
		return
	}
	attrs := []slog.Attr{slog.String("kind", e.Kind.String()), slog.String("name", e.Name), slog.Uint64("id", e.ID)}
	if e.Parent != 0 {
		attrs = append(attrs, slog.Uint64("parent", e.Parent))
	}
	if e.Tag != 0 {
		attrs = append(attrs, slog.Uint64("tag", e.Tag))
	}
	if e.FD >= 0 {
		attrs = append(attrs, slog.Int("fd", e.FD))
	}
	if e.Err != nil {
		attrs = append(attrs, slog.Any("error", e.Err))
	}
	ev.logger.LogAttrs(context.Background(), slog.LevelDebug, "tevent: "+e.Point.String(), attrs...)
}
