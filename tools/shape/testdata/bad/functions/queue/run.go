package queue

func full() {
	//grow 68
}

func long() {
	//grow 69
}
