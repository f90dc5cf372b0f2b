"""Training: batches, the loop, and how good a network is."""
