"""Closed forms of the logarithm and the powers of the augmented matrix of a region, and certified enclosures of both.

The principal logarithm as sums over roots, half turns for negative eigenvalues, and which entries are rational.
"""
