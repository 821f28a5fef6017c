"""The flows of a network's regions in double precision, tabulated once per region and used at every step.

After the part r of a step from z the state is G(r) (z, 1, s), with the same matrix G(r) for every z. Two tables of G are kept,
both made from certified enclosures:

- `FlowTables.sampled`: the matrices at r = 1/k ... (k - 1)/k, each entry the nearest double;
- `FlowTables.coefficients`: the Chebyshev coefficients of G over 0 < r < 1, for any r. Powers l^r are entire functions of r, so a
  few dozen coefficients give each entry of G with an error of a few 1e-16 of its largest value. Where states grow or shrink by
  more than e^8 in a step, that would be too much at the small end: there the step is cut into pieces with coefficients each.

Reference: docs/theory, section 5, "Certified numbers"; L. N. Trefethen, Approximation Theory and Approximation Practice, SIAM
2013, chapters 3, 4 and 8.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, fmpq
from numpy.polynomial import chebyshev

from symplrnn.dynamics.doubles import Floats, augmented_floats, doubles, growth
from symplrnn.dynamics.orbits import RoundedNetwork
from symplrnn.errors import EntryError
from symplrnn.exact.balls import endpoints, working_precision
from symplrnn.systems.piecewise import NetworkODE

__all__ = ["FlowTables"]

FEWEST_NODES, MOST_NODES = 24, 768
NEGLIGIBLE = 2.0**-51  # of the largest coefficient: rounding alone leaves about half of it
MOST_GROWTH, MOST_PIECES = 8.0, 1 << 12  # of the logarithm of the states, in a piece


class FlowTables:
    """The tables of a network; n states, q = n + 1 + m columns, for (z, 1, s).

    Times are counted in steps, so that dt plays no part.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> tables = FlowTables(derive(PLRNN(["1/2"], [["-1/4"]], [1]), dt=1))
    >>> tables.sampled("1", 2)
    array([[[0.5       , 0.66666667]]])
    """

    def __init__(self, ode: NetworkODE) -> None:
        network = ode.network
        network.require_numbers("simulate")
        if ode.dt.free_symbols:
            names = ", ".join(sorted(map(str, ode.dt.free_symbols)))
            raise EntryError(f"simulate: dt has the parameters {names}; give them values first, by ode.subs")
        # The flow over a part of a step does not depend on dt, so for an irrational dt the step itself is the unit of time.
        self.ode = ode if ode.dt.is_Rational else NetworkODE(network, sp.Integer(1), ode.patterns)
        self.rounded = RoundedNetwork(network)
        self.n, self.q, self.faces = self.rounded.n, self.rounded.q, self.rounded.faces
        self._tables: dict[tuple[Any, ...], Floats] = {}
        self._pieces: dict[str, int] = {}

    def region(self, pattern: str) -> Any:
        """Return the region ODE of a pattern."""
        return self.ode[pattern]

    def matrix(self, pattern: str, r: fmpq) -> Floats:
        """Return G(r) (n, q) for a rational 0 < r <= 1, each entry the nearest double."""
        return doubles(partial(self.region(pattern).readout, r), f"region {pattern}")

    def sampled(self, pattern: str, per_step: int) -> Floats:
        """Return G(j / per_step) for 0 < j < per_step, as an array (per_step - 1, n, q)."""
        key = (pattern, per_step)
        if key not in self._tables:
            found = [self.matrix(pattern, fmpq(j, per_step)) for j in range(1, per_step)]
            self._tables[key] = np.array(found).reshape(per_step - 1, self.n, self.q)
        return self._tables[key]

    def velocity(self, pattern: str) -> Floats:
        """Return the field per step, [X, y, Y] dt (n, q), of a region with a real ODE."""
        key = (pattern, "velocity")
        if key not in self._tables:
            self._tables[key] = augmented_floats(self.region(pattern)) * float(self.ode.dt)
        return self._tables[key]

    def pieces(self, pattern: str) -> int:
        """Return into how many pieces of equal length a step is cut, a power of two: 1 if no rate is far from 0.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network import PLRNN
        >>> tables = FlowTables(derive(PLRNN(["1e-20"], [["1/2"]], [0]), dt=1))
        >>> tables.pieces("1"), tables.pieces("0")  # log(1e-20) = -46.05
        (1, 8)
        """
        if pattern not in self._pieces:
            rate = growth(self.region(pattern))
            self._pieces[pattern] = min(MOST_PIECES, 1 << max(0, int(np.ceil(np.log2(max(rate, 1.0) / MOST_GROWTH)))))
        return self._pieces[pattern]

    def coefficients(self, pattern: str, piece: int = 0) -> Floats:
        """Return the coefficients C (K, n, q) of G(r) = sum_k T_k(x) C_k, where x in (-1, 1) runs through a piece of the step."""
        key = (pattern, "chebyshev", piece)
        if key not in self._tables:
            self._tables[key] = self._interpolated(pattern, piece)
        return self._tables[key]

    def at(self, pattern: str, r: float, u: Floats) -> Floats:
        """Return G(r) u (n, ...) for u = (z, 1, s) (q, ...)."""
        pieces = self.pieces(pattern)
        piece = min(max(int(r * pieces), 0), pieces - 1)
        terms = np.tensordot(self.coefficients(pattern, piece), u, 1)
        return np.asarray(chebyshev.chebval(2 * (r * pieces - piece) - 1, terms))

    def activations(self, pattern: str) -> Floats:
        """Return the coefficients (K, p, q) of V z(r) + b as a function of (z, 1, s), in the first piece of the step."""
        key = (pattern, "activations")
        if key not in self._tables:
            found = np.einsum("ij,kjl->kil", self.faces[:, : self.n], self.coefficients(pattern))
            found[0, :, self.n] += self.faces[:, self.n]
            self._tables[key] = found
        return self._tables[key]

    def _interpolated(self, pattern: str, piece: int) -> Floats:
        """Interpolate G in the zeros of T_N, with N doubled until the last coefficients of each entry are negligible."""
        count, pieces = FEWEST_NODES, self.pieces(pattern)
        while True:
            cosines = np.cos(np.arange(4 * count) * (np.pi / (2 * count)))
            odd = 2 * np.arange(count) + 1  # the zeros are cos(odd pi / 2N), and there T_k is cos(k odd pi / 2N)
            nodes = [(piece + _node(fmpq(int(k), 2 * count))) / pieces for k in odd]
            values = np.array([self.matrix(pattern, r) for r in nodes])
            weights = cosines[np.outer(odd, np.arange(count)) % (4 * count)] * (2 / count)
            weights[:, 0] /= 2
            found: Floats = np.tensordot(weights.T, values, 1)
            largest = np.maximum(np.abs(found).max(axis=0), np.finfo(float).tiny / NEGLIGIBLE)
            sizes = (np.abs(found) / largest).max(axis=(1, 2))
            if count >= MOST_NODES or sizes[-3:].max() < 2 * NEGLIGIBLE:
                return np.ascontiguousarray(found[: max(2, int(np.flatnonzero(sizes > NEGLIGIBLE).max(initial=0)) + 1)])
            count *= 2


def _node(k: fmpq) -> fmpq:
    """Return (1 + cos(k pi))/2 to far more than double precision, so that the table of a stiff region is not disturbed."""
    with working_precision(128):
        return (1 + endpoints(arb.cos_pi_fmpq(k))[0]) / 2
