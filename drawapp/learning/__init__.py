"""Learning: corrections, networks that train, and mistakes, without any window."""
