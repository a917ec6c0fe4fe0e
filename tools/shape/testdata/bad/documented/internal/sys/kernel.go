package sys

type Kernel struct{}
