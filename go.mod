module github.com/tsocket-go/tsocket

go 1.25
