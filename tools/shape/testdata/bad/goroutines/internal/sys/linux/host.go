package linux

func good() {
	go func() {}()
}
