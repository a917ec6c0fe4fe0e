package queue_test

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// Q5, statement 43.
func TestLengthAndBytesCountTheHeadAtWork(t *testing.T) {
	f := setUp(t)
	for _, size := range []int{0, 100, 20} {
		queue.Add(f.q, f.job("a"), size, (*job).begin)
	}
	for range 2 {
		if f.q.Length() != 3 || f.q.Bytes() != 120 {
			t.Error(f.q)
		}
		f.turn()
	}
	f.finish()
	if f.q.Length() != 0 || f.q.Bytes() != 0 || f.q.Age() != 0 {
		t.Error(f.q)
	}
}

// Q5.
func TestAgeIsTheHeads(t *testing.T) {
	f := setUp(t)
	f.ev.SetWaitTimeout(-1)
	a := f.add("a")[0]
	if _, err := tevent.Wait(f.ev, tevent.Sleep(f.ev, 2*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	b := f.add("b")[0]
	f.wantAge(a)
	a.Leave()
	f.wantAge(b)
	f.finish()
}

func (f *fixture) wantAge(head *job) {
	f.Helper()
	least := f.ev.Now().Sub(head.Started())
	age := f.q.Age()
	if most := f.ev.Now().Sub(head.Started()); age < least || age > most {
		f.Errorf("age %s, want %s to %s", age, least, most)
	}
}

// Q5: with -race this shows that they are safe.
func TestLengthBytesAndAgeAreReadFromAnyGoroutine(t *testing.T) {
	f := setUp(t)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	readers.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.Gosched() // a loop that it kept from running would take 10 ms for each turn
			}
			if n, b, age := f.q.Length(), f.q.Bytes(), f.q.Age(); n < 0 || n > 10 || b < 0 || b > 10 || age < 0 {
				t.Errorf("%s: %d entries, %d bytes, age %s", f.q.Name(), n, b, age)
				return
			}
		}
	})
	for range 1000 {
		f.add("a", "b", "c")
		f.finish()
		f.all = f.all[:0]
	}
	close(stop)
	readers.Wait()
}

func TestStringTellsNameStateAndLoad(t *testing.T) {
	f := setUp(t)
	f.add("a")
	for _, c := range []struct {
		change func()
		want   string
	}{
		{func() {}, "queue test: running, 1 entries, 1 bytes, age "},
		{f.q.Stop, "queue test: stopped, 1 entries, "},
		{func() { f.q.Close() }, "queue test: closed, 0 entries, 0 bytes, age 0s"},
	} {
		c.change()
		if s := f.q.String(); !strings.HasPrefix(s, c.want) {
			t.Errorf("%q, want %q", s, c.want)
		}
	}
	f.turn()
}

// An entry is in the books of its context, with name and place, while it is in
// the queue: the negative control of the leak check that every test here runs.
func TestEntryIsInTheBooksUntilItLeaves(t *testing.T) {
	f := setUp(t)
	held := func() (items []string) {
		for it := range f.ev.Items() {
			if it.Kind == tevent.KindEntry {
				items = append(items, it.String())
			}
		}
		return items
	}
	a := f.add("a")[0]
	b := f.job("b")
	items := held()
	if len(items) != 1 || !strings.Contains(items[0], "queue entry test created at ") ||
		!strings.Contains(items[0], "_test.go:") {
		t.Errorf("%q", items)
	}
	queue.Replace(a, b, 1, (*job).begin)
	if items := held(); len(items) != 1 {
		t.Errorf("%q", items)
	}
	b.Leave()
	if items := held(); len(items) != 0 {
		t.Errorf("%q", items)
	}
	f.finish()
}

func TestContextListsItsQueuesUntilTheyAreClosed(t *testing.T) {
	f := setUp(t)
	other := queue.New(f.ev, "other")
	var got []string
	for q := range f.ev.Queues() {
		got = append(got, q.Name())
	}
	if !slices.Equal(got, []string{"test", "other"}) {
		t.Error(got)
	}
	_ = f.q.Close()
	for q := range f.ev.Queues() {
		if q.Name() != "other" {
			t.Errorf("%s is closed and listed", q.Name())
		}
	}
	_ = other.Close()
}
