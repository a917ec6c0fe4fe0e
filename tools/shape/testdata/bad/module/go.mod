module example.com/bad

go 1.26.0

toolchain go1.26.8

require (
	go.uber.org/goleak v1.3.0
	github.com/stretchr/testify v1.9.0
)

replace go.uber.org/goleak => ../goleak
