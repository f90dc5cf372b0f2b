"""What is drawn: one screen or part of a screen a file."""
