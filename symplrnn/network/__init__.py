"""The networks, their regions and affine maps, orbits, files, and packaged examples.

A class of network is a file with a constructor that brings its entries into the form z -> A z + W relu(V z + b) + h + C s
(`symplrnn.network.network`), and with the names of its variables in files (`symplrnn.network.in_files`).
"""

from symplrnn.network.alrnn import ALRNN
from symplrnn.network.dendritic import DendriticPLRNN
from symplrnn.network.network import ReLURNN
from symplrnn.network.plrnn import PLRNN
from symplrnn.network.rate import RateRNN
from symplrnn.network.shallow import ShallowPLRNN

__all__ = ["ALRNN", "PLRNN", "DendriticPLRNN", "RateRNN", "ReLURNN", "ShallowPLRNN"]
