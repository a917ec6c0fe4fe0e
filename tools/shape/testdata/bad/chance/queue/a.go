package queue

import (
	_ "crypto/rand"
	"math/rand/v2"
)

func bad() int { return rand.Int() }

func good(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
