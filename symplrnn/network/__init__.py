"""The networks, their regions and affine maps, orbits, files, and packaged examples.

A class of network is a constructor that brings its entries into the form z' = A z + W relu(V z + b) + h + C s.
"""
