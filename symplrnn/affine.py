"""The affine map of one region, F(z) = M z + c + C s, and its augmented matrix.

The augmented matrix carries the offset and the inputs as extra columns, so that one matrix logarithm yields the whole
continuous-time system (THEORY section 2, identity (2)).
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from flint import fmpq, fmpq_mat

from symplrnn.exact.numbers import column as column_of
from symplrnn.exact.numbers import rational_vector, to_sympy_matrix

__all__ = ["AffineMap"]


@dataclass(frozen=True)
class AffineMap:
    """z -> M z + c + C s with exact rational M (n, n), c (n, 1) and C (n, m); m = 0 without inputs.

    >>> from flint import fmpq
    >>> f = AffineMap(fmpq_mat([[fmpq(1, 2)]]), fmpq_mat([[1]]), fmpq_mat(1, 0))
    >>> f([3]), f.compose(f).offset, f.fixed_point()
    (Matrix([[5/2]]), Matrix([[3/2]]), Matrix([[2]]))
    """

    M: fmpq_mat
    c: fmpq_mat
    C: fmpq_mat

    @property
    def n(self) -> int:
        """Number of states."""
        return self.M.nrows()

    @property
    def m(self) -> int:
        """Number of inputs."""
        return self.C.ncols()

    @property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """M as a SymPy matrix (n, n)."""
        return to_sympy_matrix(self.M)

    @property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """c as a SymPy column (n, 1)."""
        return to_sympy_matrix(self.c)

    @property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """C as a SymPy matrix (n, m)."""
        return to_sympy_matrix(self.C)

    def augmented(self) -> fmpq_mat:
        """Return [[M, c, C], [0, I]] of size n + 1 + m."""
        n, size = self.n, self.n + 1 + self.m
        rows = [
            [*m_row, *c_row, *s_row]
            for m_row, c_row, s_row in zip(self.M.tolist(), self.c.tolist(), self.C.tolist(), strict=True)
        ]
        rows += [[fmpq(int(i == j)) for j in range(size)] for i in range(n, size)]
        return fmpq_mat(size, size, [x for row in rows for x in row])

    def apply(self, z: fmpq_mat) -> fmpq_mat:
        """Return M z + c for an exact column z (inputs zero)."""
        return self.M * z + self.c

    def __call__(self, z: object) -> sp.ImmutableDenseMatrix:
        """Return M z + c exactly, as a SymPy column, for a state given in any form (inputs zero)."""
        return to_sympy_matrix(self.apply(column_of(rational_vector(z, "z", self.n))))

    def compose(self, first: AffineMap) -> AffineMap:
        """Return the map that applies ``first`` and then this one, with the input of each step held the same."""
        return AffineMap(self.M * first.M, self.M * first.c + self.c, self.M * first.C + self.C)

    def fixed_point(self) -> sp.ImmutableDenseMatrix | None:
        """Return the one solution of z = M z + c (inputs zero), or None if there is none or more than one."""
        identity = fmpq_mat(self.n, self.n, [int(i == j) for i in range(self.n) for j in range(self.n)])
        difference = identity - self.M
        return None if difference.rank() < self.n else to_sympy_matrix(difference.solve(self.c))
