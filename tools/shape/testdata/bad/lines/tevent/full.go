package tevent

//grow 398
