"""From what a user writes to exact elements: text, Python and NumPy numbers, SymPy expressions, the names of parameters.

A float is the dyadic rational that it is; text in decimals is the decimal.
"""
