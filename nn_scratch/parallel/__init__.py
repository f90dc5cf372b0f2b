"""Data-parallel training: several processes, on one machine or on many, train one network together.

A step is mostly matrix products, and its examples do not depend on one another. So each process reads its own fraction
of them. What the processes then have to exchange is one vector, because all parameters of a network lie in one.
"""
