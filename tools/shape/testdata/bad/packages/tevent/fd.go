package tevent
