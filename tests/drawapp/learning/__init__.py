"""Tests of the room that learns without a window."""
