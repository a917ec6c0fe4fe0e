package tevent

//grow 500
