"""The flow of a region with letters or irrational entries over a time, case by case, and its certified digits.

Reference: THEORY section 2, identity (2), and section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import sympy as sp
from flint import arb_mat, fmpq

from symplrnn.errors import EntryError
from symplrnn.exact.evaluation import expression_enclosure
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.logarithm.digits import Digits, as_digits
from symplrnn.logarithm.enclosure import certified_digits
from symplrnn.systems.case_ode import CaseFlow

if TYPE_CHECKING:
    from symplrnn.systems.region_cases import ParametricRegionODE

__all__ = ["ParametricFlow", "certified_matrix"]


@dataclass(frozen=True, eq=False)
class ParametricFlow:
    """The flow  z -> Phi z + gamma + Gamma s  of a region with letters over a time t, with piecewise entries."""

    ode: ParametricRegionODE
    t: sp.Expr

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains exp(t X^) at a time t that is a number, for a network of numbers without letters."""
        return expression_enclosure(self._numbers("enclosure").augmented, positive_integer(bits, "bits"))

    def digits(self, digits: int) -> Digits:
        """Return Phi, gamma and Gamma to so many certified significant digits; `EntryError` if there are letters, or no numbers.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network.network import PLRNN
        >>> derive(PLRNN([sp.sqrt(2)], [[0]], [1]), dt=1)["0"].flow("1/2").digits(12).matrix
        (('1.18920711500',),)
        """
        flow = self._numbers("digits")
        return certified_matrix(flow.augmented, digits, flow.dimension, f"flow over {self.t}")

    def _numbers(self, what: str) -> CaseFlow:
        """Return the flow of the one case of an ODE without letters at a time that is a number."""
        case = self.ode.only_case(what)
        if self.t.free_symbols:
            raise EntryError(f"t: {self.t} is not a number; enclosures and digits need a time such as 1/20")
        return case.flow(self.t)

    @cached_property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """Phi as a SymPy matrix (n, n)."""
        return self.ode.by_cases(lambda case: CaseFlow(case, self.t).matrix)

    @cached_property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """gamma as a SymPy column (n, 1)."""
        return self.ode.by_cases(lambda case: CaseFlow(case, self.t).offset)

    @cached_property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """Gamma as a SymPy matrix (n, m)."""
        return self.ode.by_cases(lambda case: CaseFlow(case, self.t).input_matrix)


def certified_matrix(matrix: sp.ImmutableDenseMatrix, digits: int, dimension: int, what: str) -> Digits:
    """Return an augmented matrix of numbers to so many certified digits; those that are rational as they stand are exact.

    ``dimension`` is the number of coordinates, and ``what`` names the matrix in errors.

    >>> certified_matrix(sp.ImmutableDenseMatrix([[sp.sqrt(2), 0], [0, 0]]), 6, 1, "example").matrix
    (('1.41421',),)
    """
    places = [(i, j) for i in range(matrix.rows) for j in range(matrix.cols)]
    exact = {place: fmpq(int(x.p), int(x.q)) for place in places if isinstance(x := matrix[place], sp.Rational)}
    digits = positive_integer(digits, "digits")
    return as_digits(certified_digits(lambda bits: expression_enclosure(matrix, bits), exact, digits, what), dimension)
