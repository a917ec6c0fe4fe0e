package tevent

import (
	"testing"
	"time"
)

func TestBad(t *testing.T) {
	time.Sleep(time.Second)
	t.Skip("not today")
	t.Run("", func(u *testing.T) { u.SkipNow() })
}
