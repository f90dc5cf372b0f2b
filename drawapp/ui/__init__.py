"""The window: what it shows, and what the user means by a key or a press."""
