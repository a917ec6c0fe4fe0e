package main

// allowance is a branch that nothing executes, and why; without a function and a
// condition it is all of a file.
type allowance struct {
	file, function, condition string
	reason                    string
}

const bridges = "bridges to package net are for goroutines, and what they adopt is of the real system; tests of tsocket execute it"

// unreachable are all there are.
var unreachable = []allowance{
	{"tevent/await.go", "Await", "if o.err != nil && cause != nil && o.err != cause",
		"Await blocks a goroutine beside the loop, which a simulated process has none of; tests of tevent execute it"},
	{"tevent/group.go", "", "", "the loops of a group are goroutines; tests of tevent are about them"},
	{"tsocket/fromnetconn.go", "", "", bridges},
	{"tsocket/netaddr.go", "", "", bridges},
	{"tsocket/netlistener.go", "", "", bridges},
	{"tsocket/netpacketconn.go", "", "", bridges},
	{"tsocket/netreader.go", "", "", bridges},
	{"tsocket/netreceiver.go", "", "", bridges},
	{"tsocket/netsender.go", "", "", bridges},
	{"tsocket/netwriter.go", "", "", bridges},
	{"tevent/new.go", "New", "if err != nil", "a process without descriptors, with no simulated system below it"},
}

// allowance is that of b.
func (b branch) allowance(list []allowance) (allowance, bool) {
	for _, a := range list {
		if a.file == b.file && (a.function == "" || a.function == b.function && a.condition == b.condition) {
			return a, true
		}
	}
	return allowance{}, false
}
