"""The place Inside: the network at work on the drawing."""
