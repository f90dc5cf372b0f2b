"""Controls: what can be pressed or opened and how messages are shown, in any screen."""
