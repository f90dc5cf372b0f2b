"""Data sets: labelled images by name, from files that are downloaded once and verified."""
