"""Facts about the eigenvalues of the map of a region, decided without computing an eigenvalue.

Characteristic polynomial and its factors, counts of roots, Jordan blocks, fixed points and their stability.
"""
