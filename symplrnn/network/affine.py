"""The affine map of one region, F(z) = M z + c + C s, and its augmented matrix.

The augmented matrix carries the offset and the inputs as extra columns, so that one matrix logarithm yields the whole
continuous-time system (docs/theory, section 2, identity (2)).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import sympy as sp

from symplrnn import views
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.reading.entries import exact_entry, in_sympy
from symplrnn.exact.reading.numbers import entry_vector

__all__ = ["AffineMap"]


@dataclass(frozen=True, repr=False)
class AffineMap(views.Shown):
    """z -> M z + c + C s with M (n, n), c (n, 1) and C (n, m) over a field; m = 0 without inputs.

    >>> from flint import fmpq, fmpq_mat
    >>> f = AffineMap(fmpq_mat([[fmpq(1, 2)]]), fmpq_mat([[1]]), fmpq_mat(1, 0))
    >>> f([3]), f.compose(f).offset, f.fixed_point()
    (Matrix([[5/2]]), Matrix([[3/2]]), Matrix([[2]]))
    """

    M: Any
    c: Any
    C: Any
    field: Field = QQ

    @property
    def n(self) -> int:
        """Number of states."""
        return int(self.M.nrows())

    @property
    def m(self) -> int:
        """Number of inputs."""
        return int(self.C.ncols())

    @property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """M as a SymPy matrix (n, n)."""
        return in_sympy(self.field, self.M)

    @property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """c as a SymPy column (n, 1)."""
        return in_sympy(self.field, self.c)

    @property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """C as a SymPy matrix (n, m)."""
        return in_sympy(self.field, self.C)

    def augmented(self) -> Any:
        """Return [[M, c, C], [0, I]] of size n + 1 + m."""
        n, size, K = self.n, self.n + 1 + self.m, self.field
        rows = [
            [*m_row, *c_row, *s_row]
            for m_row, c_row, s_row in zip(self.M.tolist(), self.c.tolist(), self.C.tolist(), strict=True)
        ]
        rows += [[K.element(int(i == j)) for j in range(size)] for i in range(n, size)]
        return K.fill(size, size, [x for row in rows for x in row])

    def apply(self, z: Any) -> Any:
        """Return M z + c for an exact column z (inputs zero)."""
        return self.M * z + self.c

    def __call__(self, z: object) -> sp.ImmutableDenseMatrix:
        """Return M z + c exactly, as a SymPy column, for a state given in any form (inputs zero)."""
        read = partial(exact_entry, symbols={str(s): s for s in self.field.parameters})
        state = [self.field.element(x) for x in entry_vector(z, "z", self.n, entry=read)]
        return in_sympy(self.field, self.apply(self.field.fill(self.n, 1, state)))

    def equals(self, other: AffineMap) -> bool:
        """Return whether two maps have the same M, c and C."""
        return bool(self.M == other.M and self.c == other.c and self.C == other.C)

    def compose(self, first: AffineMap) -> AffineMap:
        """Return the map that applies ``first`` and then this one, with the input of each step held the same."""
        return AffineMap(self.M * first.M, self.M * first.c + self.c, self.M * first.C + self.C, self.field)

    def fixed_point(self) -> sp.ImmutableDenseMatrix | None:
        """Return the one solution of z = M z + c (inputs zero), or None if there is none or more than one.

        With letters: the solution as rational functions, valid where det(I - M) is not 0; None if that is 0 identically.
        """
        return None if self.fixed_state is None else in_sympy(self.field, self.fixed_state)

    @cached_property
    def fixed_state(self) -> Any:
        """The same as a column over the field."""
        K, one = self.field, self.field.element(1)
        entries = ((i, j, x) for i, row in enumerate(self.M.tolist()) for j, x in enumerate(row))
        try:
            return K.solve(K.fill(self.n, self.n, [one - x if i == j else -x for i, j, x in entries]), self.c)
        except ZeroDivisionError:
            return None
