// Package shape holds the tests of the tree's own form: which package may
// import which, what stays below internal/sys, how long files and functions
// get, what is documented. It has no code of its own.
//
// Each rule is a function over a parsed tree. TestTree applies it to this
// repository; TestControls applies it to a tree under testdata/bad that breaks
// it, and compares the complaints with the want.txt kept there.
package shape
