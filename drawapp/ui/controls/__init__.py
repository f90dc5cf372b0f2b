"""Controls: what can be pressed, opened or told, in any screen."""
