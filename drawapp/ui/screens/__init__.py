"""Screens: one folder for each place that the window can show."""
