"""Images: the room where drawings, image files and pen strokes become what a network reads.

A network knows only images like those it was trained on, so training and the app must prepare theirs by the same code.
Read in this order: ink, files, augment.
"""
