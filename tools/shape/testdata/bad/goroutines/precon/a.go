package precon

func bad() {
	go func() {}()
}
