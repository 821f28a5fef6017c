"""The continuous-time systems of regions: an ODE, with extra coordinates or a jump where they are needed.

Also the other real ODEs with the same map (aliases, frequencies, rotation planes), and the mapping of all regions of a network.
"""
