"""What goes on in the place Learn, from turn to turn of the loop."""
