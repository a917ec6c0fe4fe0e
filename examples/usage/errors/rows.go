package main

// rows are grouped by where the failure comes from: this side, the peer, misuse.
var rows = []row{
	{"the request's own deadline", ways{deadline}},
	{"`Cancel`", ways{cancelled}},
	{"`Await`: the deadline of its `context.Context`", ways{contextDeadline}},
	{"`Await`: its `context.Context` was cancelled with a cause", ways{contextCancel}},
	{"the stream was closed on this side, before or meanwhile", ways{closedStream, closedBefore}},
	{"the listener was closed, before or meanwhile", ways{closedListener, closedListenerBefore}},
	{"the event context was closed, before or meanwhile", ways{closedContext, closedContextBefore}},
	{"a queue was closed, before or meanwhile", ways{closedQueue, closedQueueMeanwhile}},
	{"a step panicked, and `OnPanic` took that", ways{panicked}},

	{"end of the stream, before the first byte asked for", ways{end}},
	{"end of the stream, inside what was asked for", ways{endInside}},
	{"the peer reset the connection, or closed it with bytes unread", ways{reset, unread}},
	{"write after the peer closed a unix stream", ways{writeAfterClose}},
	{"nobody listens there", ways{refused}},
	{"a PDU above its framer's maximum", ways{tooLong}},

	{"the stream's send queue, or another, is full", ways{full, fullQueue}},
	{"a second operation in the same direction", ways{busy}},
	{"a second `Monitor`, or a second `Disconnect` meanwhile", ways{already, alreadyDisconnecting}},
	{"an operation while `Disconnect` is in progress", ways{whileDisconnecting}},
	{"an operation after `Disconnect`", ways{disconnected}},
	{"a write after `SendShutdown` or `ShutdownWrite`", ways{writeAfterShutdown, writeAfterShutdownWrite}},
	{"a read or a `Monitor` after `ShutdownRead`", ways{readAfterShutdownRead, monitorAfterShutdownRead}},
	{"buffers without a byte, a zero `Address`", ways{noByte, noAddress}},
	{"somebody else listens there", ways{inUse}},
	{"`Result` before the outcome is there", ways{inProgress}},
	{"a `Req` kept beyond the end; a second `Result`", ways{stale}},
	{"the zero `Req`", ways{noRequest}},
	{"a loop run inside a callback of the same loop", ways{nested}},
}
