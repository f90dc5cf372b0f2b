"""Learning without a window: what a training starts from, the thread that takes its steps, and what it has come to."""
