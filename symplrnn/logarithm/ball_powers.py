"""Powers of a large rational matrix with simple eigenvalues, in balls: by certified eigenvalues and eigenvectors, without (3).

Where only doubles are wanted the exact closed form of a region of fifty units is more than is needed, and takes seconds. Let the
columns of the inactive units stand last, M = [[B, 0], [G, D]] with D = diag(d). With B = V diag(l) V^{-1} from Arb, which proves
that each ball has one eigenvalue,

    M^r = [[V diag(l^r) V^{-1}, 0], [R, D^r]],     row j of R = (G_j V) diag((l^r - d_j^r)/(l - d_j)) V^{-1},

and z goes to M^r z + (M^r - I)(M - I)^{-1}(c + C s) in the part r of a step. Negative eigenvalues are simple, so that each has an
extra coordinate of its own (E5), and the real part of M^r is what acts on z.

Reference: F. Johansson, Arb, IEEE Trans. Computers 66 (2017) 1281-1292; S. Rump, Acta Numerica 19 (2010) 287-449 (eigenvalues).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import acb, acb_mat, arb, arb_mat, fmpq, fmpq_mat

from symplrnn.exact.balls import real_roots_marked, working_precision

__all__ = ["BallPowers"]

GUARD_BITS = 64


class Basis(NamedTuple):
    """What does not depend on r, in balls: log l, log d, V, V^{-1}, and (G V)_ji / (l_i - d_j)."""

    logarithms: list[acb]
    decays: list[acb]
    right: list[acb]
    left: acb_mat
    driven: list[list[acb]]


class BallPowers:
    """The powers of z -> M z + c + C s for an invertible M (n, n) with simple eigenvalues, 1 not among them.

    >>> M, B = fmpq_mat([[fmpq(1, 2), 0], [1, fmpq(1, 4)]]), fmpq_mat([[0], [3]])
    >>> BallPowers(M, B, (1,)).enclosure(fmpq(1, 2), 64)[1, 1].str(12, radius=False)
    '0.500000000000'
    """

    def __init__(self, matrix: fmpq_mat, columns: fmpq_mat, inactive: Sequence[int]) -> None:
        n, m = matrix.nrows(), columns.ncols()
        self._identity = fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
        self._active = [i for i in range(n) if i not in inactive]
        self._inactive = list(inactive)
        self._core = fmpq_mat(len(self._active), len(self._active), [matrix[i, j] for i in self._active for j in self._active])
        self._driven = fmpq_mat(len(inactive), len(self._active), [matrix[i, j] for i in inactive for j in self._active])
        self._decays = [matrix[j, j] for j in inactive]
        self._offsets = (matrix - self._identity).solve(columns) if m else columns
        self._bases: dict[int, Basis | None] = {}

    def enclosure(self, r: fmpq, bits: int) -> arb_mat | None:
        """Return a ball matrix that contains [M^r, (M^r - I)(M - I)^{-1} [c, C]] (n, n + 1 + m); None if there is none."""
        basis = self._basis(bits)
        if basis is None:
            return None
        with working_precision(bits + GUARD_BITS):
            exponent = acb(r)
            power = self._function(
                basis, [(exponent * log).exp() for log in basis.logarithms], [(exponent * log).exp() for log in basis.decays]
            )
            return self._with_columns(power, power - arb_mat(self._identity))

    def logarithm(self, bits: int) -> arb_mat | None:
        """Return a ball matrix that contains Re [log M, log M (M - I)^{-1} [c, C]] (n, n + 1 + m); None if there is none."""
        basis = self._basis(bits)
        if basis is None:
            return None
        with working_precision(bits + GUARD_BITS):
            found = self._function(basis, basis.logarithms, basis.decays)
            return self._with_columns(found, found)

    def logarithms(self, bits: int) -> list[acb] | None:
        """Return balls that contain the logarithms of the eigenvalues; None if they are not told apart."""
        basis = self._basis(bits)
        return None if basis is None else [*basis.logarithms, *basis.decays]

    def _with_columns(self, left: arb_mat, factor: arb_mat) -> arb_mat:
        """Return [left, factor (M - I)^{-1} [c, C]]."""
        right = factor * arb_mat(self._offsets)
        rows = zip(left.tolist(), right.tolist(), strict=True)
        return arb_mat(left.nrows(), left.ncols() + right.ncols(), [x for row, more in rows for x in (*row, *more)])

    def _function(self, basis: Basis, values: list[acb], decayed: list[acb]) -> arb_mat:
        """Return the real part of f(M) from the numbers f(l) and f(d)."""
        k, n = len(self._active), len(self._active) + len(self._inactive)
        scaled = [x * value for x, value in zip(basis.right, values * k, strict=True)]
        for row, decay in zip(basis.driven, decayed, strict=True):
            scaled += [x * (value - decay) for x, value in zip(row, values, strict=True)]
        products = (acb_mat(n, k, scaled) * basis.left).tolist() if k else [[] for _ in range(n)]
        entries = [[arb(0)] * n for _ in range(n)]
        for i, row in zip((*self._active, *self._inactive), products, strict=True):
            for j, x in zip(self._active, row, strict=True):
                entries[i][j] = x.real
        for j, value in zip(self._inactive, decayed, strict=True):
            entries[j][j] = value.real
        return arb_mat(n, n, [x for row in entries for x in row])

    def _basis(self, bits: int) -> Basis | None:
        """Return the basis of eigenvectors at a precision; None if the eigenvalues of B are not told apart."""
        if bits not in self._bases:
            with working_precision(bits + GUARD_BITS):
                self._bases[bits] = self._diagonalised()
        return self._bases[bits]

    def _diagonalised(self) -> Basis | None:
        decays = [acb(d) for d in self._decays]
        logarithms = [d.log() for d in decays]
        if not self._active:
            return Basis([], logarithms, [], acb_mat(0, 0), [[] for _ in decays])
        try:
            found: Any = acb_mat(self._core).eig(right=True)
            values, right = real_roots_marked(found[0]), found[1]
            if values is None:
                return None
            rows = (acb_mat(self._driven) * right).tolist()
            driven = [
                [x / (value - d) for x, value in zip(row, values, strict=True)] for row, d in zip(rows, decays, strict=True)
            ]
            return Basis([value.log() for value in values], logarithms, right.entries(), right.inv(), driven)
        except (ValueError, ZeroDivisionError):
            return None
