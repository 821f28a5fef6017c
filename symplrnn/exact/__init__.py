"""Exact arithmetic: fields, polynomials and their roots, matrices and their Jordan structure, balls, linear programs.

Nothing here knows of networks. A decision is made in Q, Q(theta) or a field of rational functions, or by balls that separate.
"""

from symplrnn.exact import pickling as pickling
