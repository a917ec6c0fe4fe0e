package tevent

//grow 399
