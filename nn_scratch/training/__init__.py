"""Training: all that lies between a data set and a trained network, from batches and the loop to the run folder.

A network only answers; here it learns from its errors, is measured, and is made to know how far it can be relied on.
"""
