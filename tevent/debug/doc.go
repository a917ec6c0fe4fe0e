// Package debug shows running event contexts to people: a page with what their
// loops do, how long events and callbacks take, every pending request with its
// age and the place where it was made, queues, descriptors and timers; the same
// as JSON; and a trace for Perfetto.
//
//	d := debug.New(debug.Config{})
//	d.Add("main", ev)
//	l, err := debug.Listen("127.0.0.1:6060")
//	if err != nil {
//		log.Fatal(err)
//	}
//	go http.Serve(l, d)
//
// The Handler may also be mounted in a server that exists, under any path. It
// answers
//
//	GET …                 the page, which renews itself each second
//	GET …?format=json     its data; durations are nanoseconds
//	GET …/trace.json      the last events, in Chrome's trace event format, also
//	                      as ?format=trace: open it in ui.perfetto.dev or
//	                      chrome://tracing; with ?seconds=2 it first waits for
//	                      so long, 30 at most, and traces every turn meanwhile
//
// # Who may look
//
// Whoever reaches the page reads the names of all that is pending, the places in
// the source, errors, and of a loop that is stuck its stack; there is no
// password. So Listen takes the loopback interface unless it is told another,
// and the Handler refuses a request whose Host is neither loopback, nor the
// address it came in on, nor one of Config.Hosts: a page from elsewhere cannot
// have the browser read this one by giving its own name a loopback address.
//
// # What it costs
//
// A context that was not added costs nothing. One that was added is told the
// waits of its loop, 0.3 µs a turn, and each 32nd turn in full, which costs a
// third of an echo: less than 3 % in all. So callbacks are a sample of one in 32,
// unless Config.Sample says otherwise; turns, waits and latency are complete.
// After a slow turn whose callback is not known more turns are traced, at most one
// in 16, until one that comes again has got a name. Each second the loop publishes its state,
// 0.3 ms for a thousand requests; so it does when somebody looks.
//
// # Concurrency
//
// Add and Remove are called on the goroutine that runs the context, everything
// else is safe from any goroutine. The Handler asks each loop by Post and waits
// half a second at most: of a loop that has not answered by then it shows what
// it published last, for how long it has been silent, and where it stands.
//
// # Errors
//
// There are none to handle: a context that is closed is shown as closed.
package debug
