package main

import (
	"go/ast"
	"go/printer"
	"go/token"
	"strings"
)

// render prints a comparison with another operator.
func render(e ast.Expr, op string) string {
	b := e.(*ast.BinaryExpr)
	return text(b.X) + " " + op + " " + text(b.Y)
}

func text(e ast.Expr) string {
	var b strings.Builder
	_ = printer.Fprint(&b, token.NewFileSet(), e) // into memory
	return b.String()
}
