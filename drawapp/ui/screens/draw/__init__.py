"""The drawing screen: where one draws and sees what was read."""
