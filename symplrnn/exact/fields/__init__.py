"""The fields that entries of a network live in: Q, Q(theta) and rational functions of parameters, behind one interface.

An algorithm is written once over `Field`; `rational` is the fast implementation on FLINT.
"""
