"""The networks, their regions and affine maps, orbits, files, and packaged examples.

A class of network is a file with a constructor that brings its entries into the form z' = A z + W relu(V z + b) + h + C s
(`symplrnn.network.network`).
"""

from symplrnn.network.alrnn import ALRNN
from symplrnn.network.network import ReLURNN
from symplrnn.network.plrnn import PLRNN

__all__ = ["ALRNN", "PLRNN", "ReLURNN"]
