package sim_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

func TestPlansAreReadAsTheyAreWritten(t *testing.T) {
	seen := map[sim.Kind]bool{}
	for seed := range uint64(3000) {
		plan := sim.Draw(seed, "server", "client")
		text := plan.String()
		again, err := sim.ParsePlan(text)
		if err != nil || !slices.Equal(plan, again) {
			t.Fatalf("%v\nread as\n%v\n%v", plan, again, err)
		}
		for _, f := range plan {
			seen[f.Kind] = true
		}
	}
	for _, k := range sim.Kinds() {
		if !seen[k] {
			t.Errorf("no plan has %v", k)
		}
	}
}

func TestPlansForAllProcesses(t *testing.T) {
	late := 0
	for seed := range uint64(300) {
		for _, f := range sim.Draw(seed) {
			if f.Proc != "" {
				t.Errorf("%v happens to somebody", f)
			}
			if f.Kind == sim.Late {
				late++
			}
		}
	}
	if late == 0 {
		t.Error("nobody is ever late")
	}
}

func TestPlanOfAReader(t *testing.T) {
	plan, err := sim.ParsePlan(`
		# comments and empty lines are nothing

		onebyte proc=client call=Recvmsg nth=2 on
		parted  at=40ms for=3s
		fails call=Accept errno=EMFILE
		fails call=Close errno=errno250`)
	want := sim.Plan{
		{Kind: sim.OneByte, Proc: "client", Call: "Recvmsg", Nth: 2, On: true},
		{Kind: sim.Parted, At: 40 * time.Millisecond, For: 3 * time.Second},
		{Kind: sim.Fails, Call: "Accept", Errno: syscall.EMFILE},
		{Kind: sim.Fails, Call: "Close", Errno: 250},
	}
	if err != nil || !slices.Equal(plan, want) {
		t.Fatalf("%v, %v", plan, err)
	}
}

func TestPlansThatMakeNoSenseAreRefusedWithTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"explodes":                          "no kind",
		"killed when=now":                   "nothing that a fault is told by",
		"killed at=soon":                    "duration",
		"killed nth=x":                      "invalid syntax",
		"killed nth=-1":                     "negative",
		"fails call=Accept":                 "needs an errno",
		"fails call=Accept errno=EPUDDING":  "no errno",
		"fails call=Random errno=EIO":       "no call that can fail",
		"interrupted call=Pause":            "no call that can fail",
		"onebyte call=Accept":               "only Recvmsg and Sendmsg",
		"parted":                            "needs a time",
		"loss n=-3":                         "negative",
		"loss":                              "needs a number",
		"loss proc=server n=3":              `"proc" means nothing to it`,
		"killed call=Accept":                `"call" means nothing to it`,
		"killed on":                         `"on" means nothing to it`,
		"late nth=3 for=1s":                 `"nth" means nothing to it`,
		"killed nth=3 at=1s":                `"at" means nothing to it`,
		"half call=Recvmsg errno=EIO":       `"errno" means nothing to it`,
		"killed for=1s":                     `"for" means nothing to it`,
		"reset n=3":                         `"n" means nothing to it`,
		"fails call=Accept on=yes":          "nothing that a fault is told by",
		"killed nth":                        "nothing that a fault is told by",
		"fails call=Accept errno=ENOTDIR x": "nothing that a fault is told by",
	} {
		_, err := sim.ParsePlan("# first\n" + text)
		if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestShrinkLeavesWhatIsNeeded(t *testing.T) {
	bad := []sim.Fault{
		{Kind: sim.Killed, Proc: "a", Nth: 3},
		{Kind: sim.OneByte, Call: "Recvmsg", Nth: 2, On: true},
	}
	var plan sim.Plan
	for i := range 30 {
		plan = append(plan, sim.Fault{Kind: sim.Files, N: i + 100})
	}
	plan = slices.Insert(plan, 7, bad[0])
	plan = slices.Insert(plan, 29, bad[1])
	runs := 0
	got := sim.Shrink(plan, func(p sim.Plan) bool {
		runs++
		return slices.Contains(p, bad[0]) && slices.ContainsFunc(p, func(f sim.Fault) bool { return f.Kind == sim.OneByte })
	})
	once := bad[1]
	once.On = false
	if !slices.Equal(got, sim.Plan{bad[0], once}) {
		t.Fatalf("shrunk to\n%v", got)
	}
	if runs > 100 {
		t.Errorf("it took %d runs", runs)
	}
	if got := sim.Shrink(plan, func(sim.Plan) bool { return true }); len(got) != 0 {
		t.Errorf("what fails without a fault was shrunk to\n%v", got)
	}
}

func TestEnumerationHasEveryWayOfFailing(t *testing.T) {
	calls := []sim.Calls{{Proc: "a", Call: "Recvmsg", N: 5}, {Proc: "b", Call: "Listen", N: 1}, {Proc: "b", Call: "Random", N: 2}}
	var all []string
	for p := range sim.Enumerate(calls, 2) {
		all = append(all, strings.TrimSpace(p.String()))
	}
	// Recvmsg: 12 errnos and 2 short counts; Listen: 5 errnos; each once and for ever.
	if len(all) != 2*14*2+5*2 {
		t.Errorf("%d plans:\n%s", len(all), strings.Join(all, "\n"))
	}
	for _, want := range []string{
		"fails proc=a call=Recvmsg nth=1 errno=ECONNRESET",
		"half proc=a call=Recvmsg nth=2 on",
		"wouldblock proc=a call=Recvmsg nth=2",
		"fails proc=b call=Listen nth=1 on errno=EINTR",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(all, "\n"))
		}
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != len(all) {
		t.Error("a plan comes twice")
	}
}
