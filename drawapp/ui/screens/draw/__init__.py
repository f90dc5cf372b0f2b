"""The place in which one draws, and what was read is shown."""
