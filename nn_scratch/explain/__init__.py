"""Explanations: why a network answers as it does, for any network of our layers.

Activations say what each unit made of an image, contributions which pixels spoke for the answer, nearest examples what
it resembles. Dreams show what a class looks like to the network, and a fooling image how little is missing to another
answer. Read trace first; layers and images build on it.
"""
