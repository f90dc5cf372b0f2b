"""Screens: one folder for each place in the window."""
