package main

// TODO: later
/* FIXME */
// TODOs are not a word we look for, neither is a "mastodon".
var text = "XXX in a string"
