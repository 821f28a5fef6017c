"""A network's ODE as one file for another language, which needs nothing of this package.

Each file holds the table of regions, the vector field for both switching rules with inputs, the faces as events, and a function
that simulates. The texts lie in ``templates``; numbers are printed so that they are read back as the same doubles.
"""
