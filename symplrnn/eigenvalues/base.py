"""What can be asked about the eigenvalues of a region's matrix M, over any field: each fact once, as a truth with its evidence.

The theorems, the systems and what is printed ask these questions and no others, whether the entries of M are rational, real
algebraic, or have parameters in them. Where M has no parameters the answers are TRUE or FALSE and the evidence are counts,
intervals and Jordan blocks (`symplrnn.eigenvalues.counting`); where it has some, they are formulas in them, and the evidence are
the factors of the characteristic polynomial (`symplrnn.eigenvalues.parametric`).

For a PLRNN the columns of the inactive units are a_jj e_j, so M is block triangular up to a permutation and
spec(M) = {a_jj : unit j inactive} + spec((A + W)[active, active]): only a principal submatrix of A + W is touched (G1).

Reference: docs/theory, section 5, "Spectral facts without eigenvalues".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import sympy as sp
from flint import fmpq

from symplrnn import views
from symplrnn.conditions.formula import Formula
from symplrnn.conditions.truth import Truth
from symplrnn.eigenvalues.parts import coefficients_of, merged
from symplrnn.exact.coupling import block, blocks
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.wrappers import in_order
from symplrnn.exact.reading.numbers import rational
from symplrnn.exact.real_roots import Interval
from symplrnn.network.region import Region

__all__ = ["NegativeEigenvalue", "Spectrum", "as_number", "is_paired"]


def as_number(field: Field, element: Any) -> fmpq | sp.Expr:
    """Return an element of a field as evidence: a rational number as FLINT's, another one as an expression.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> as_number(QQ, fmpq(1, 2))
    1/2
    """
    value = field.to_sympy(element)
    return rational(value, "number") if value.is_Rational else value


@dataclass(frozen=True, repr=False)
class NegativeEigenvalue(views.Shown):
    """A negative eigenvalue: its minimal polynomial, an isolating interval, and the sizes of its Jordan blocks.

    ``value`` is the eigenvalue itself if its minimal polynomial over the field of the network has degree 1.
    """

    minimal_polynomial: Any
    interval: Interval
    blocks: tuple[int, ...]
    value: sp.Expr | None = None

    @property
    def is_paired(self) -> bool:
        """Whether, for every size, the number of blocks of that size is even."""
        return is_paired(self.blocks)

    def __str__(self) -> str:
        return f"in {self.interval}" if self.value is None else str(self.value)


def is_paired(blocks: Sequence[int]) -> bool:
    """Return whether, for every size, the number of Jordan blocks of that size is even.

    >>> is_paired((2, 2, 1, 1)), is_paired((2, 1))
    (True, False)
    """
    return all(blocks.count(size) % 2 == 0 for size in set(blocks))


@dataclass(frozen=True)
class Spectrum(views.Shown, ABC):
    """Facts about the eigenvalues of the matrix M of a region; `spectrum` makes one.

    A fact is a `Truth` with its evidence: TRUE or FALSE where M has no parameters, else a formula in them, or UNKNOWN with the
    reason.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> facts = spectrum(PLRNN([1, "1/2"], [[0, 1], [-1, 0]], [0, 0]).region("10"))
    >>> facts.no_unit, facts.unit_multiplicity, facts.negative_count, facts.unit_circle.stability
    (FALSE, 1, 0, 'some on')
    >>> net = PLRNN(["a"], [["w"]], [0], parameters={"a": "positive", "w": "real"})
    >>> facts = spectrum(net.region("1"))
    >>> facts.principal, facts.stable
    (IF(a + w > 0), IF((a + w + 1 > 0) & (a + w - 1 < 0)))

    Reference: docs/theory, section 5 and G1.
    """

    region: Region

    @cached_property
    def field(self) -> Field:
        """The field K of the entries of M."""
        return self.region.network.field

    @property
    def matrix(self) -> Any:
        """The whole matrix M (n, n), over K."""
        return self.region.affine.M

    def number(self, element: Any) -> fmpq | sp.Expr:
        """Return an element of the field as evidence."""
        return as_number(self.field, element)

    @cached_property
    def columns(self) -> Any:
        """The offset and the input matrix side by side, [c, C], over the field of the network."""
        affine = self.region.affine
        n, m = affine.n, affine.m
        return affine.field.fill(n, 1 + m, [x for i in range(n) for x in (affine.c[i, 0], *(affine.C[i, j] for j in range(m)))])

    @cached_property
    def diagonal(self) -> tuple[Any, ...]:
        """Eigenvalues that are read off: a_jj of the inactive units of a PLRNN. The others are those of the core."""
        if not self.region.network.is_plrnn:
            return ()
        A = self.region.network.exact.A
        return tuple(A[j, j] for j, d in enumerate(self.region.pattern) if d == "0")

    @cached_property
    def core(self) -> Any:
        """The matrix with the other eigenvalues: (A + W)[active, active] of a PLRNN, else M."""
        if not self.region.network.is_plrnn:
            return self.matrix
        par, on = self.region.network.exact, [i for i, d in enumerate(self.region.pattern) if d == "1"]
        return self.field.fill(len(on), len(on), [par.W[i, j] + par.A[i, j] for i in on for j in on])

    @cached_property
    def core_blocks(self) -> list[Any]:
        """The blocks of the core: units that act on each other, directly or through others."""
        return [block(self.field, self.core, units, units) for units in blocks(self.core)]

    @cached_property
    def block_polynomials(self) -> list[Any]:
        """The characteristic polynomials of the blocks of the core."""
        return [self.field.characteristic_polynomial(part) for part in self.core_blocks]

    @cached_property
    def block_factors(self) -> list[Any]:
        """Their factors with multiplicities, block by block."""
        return [self.field.factor(f) for f in self.block_polynomials]

    @cached_property
    def core_polynomial(self) -> Any:
        """The characteristic polynomial of the core."""
        return reduce(lambda p, q: p * q, self.block_polynomials, self.field.polynomial([self.field.element(1)]))

    @cached_property
    def characteristic_polynomial(self) -> Any:
        """chi(x) = det(x I - M), monic of degree n."""
        return reduce(lambda p, a: p * self.linear(a), self.diagonal, self.core_polynomial)

    def linear(self, root: Any) -> Any:
        """Return x - root."""
        return self.field.polynomial([-root, self.field.element(1)])

    @cached_property
    def factors(self) -> list[tuple[Any, int]]:
        """Monic factors of chi with multiplicities: those of the core, and one for each entry of the diagonal.

        They are irreducible, except where letters and irrational numbers meet.
        """
        core = merged([entry for found in self.block_factors for entry in found])
        linear = [(self.linear(a), 1) for a in self.diagonal]
        return list(merged([*in_order(core), *linear]))

    @cached_property
    def factor_coefficients(self) -> list[list[sp.Expr]]:
        """The coefficients of the factors as SymPy expressions, constant term first."""
        return [coefficients_of(self.field, f) for f, _ in self.factors]

    @cached_property
    def factors_in_sympy(self) -> tuple[sp.Expr, ...]:
        """The distinct factors of chi as polynomials in lambda."""
        x = sp.Symbol("lambda")
        return tuple(sp.Add(*(c * x**k for k, c in enumerate(coefficients))) for coefficients in self.factor_coefficients)

    @property
    @abstractmethod
    def determinant(self) -> fmpq | sp.Expr:
        """det M; a rational number as FLINT's."""

    @property
    @abstractmethod
    def core_determinant(self) -> fmpq | sp.Expr:
        """The determinant of the core: the principal minor of A + W on the active units of a PLRNN (G1)."""

    @property
    @abstractmethod
    def invertible(self) -> Truth:
        """0 is no eigenvalue: det M != 0."""

    @property
    @abstractmethod
    def singular(self) -> Truth:
        """0 is an eigenvalue; the evidence has its Jordan blocks if they are known."""

    @property
    @abstractmethod
    def no_negative(self) -> Truth:
        """No eigenvalue in (-inf, 0)."""

    @property
    @abstractmethod
    def principal(self) -> Truth:
        """No eigenvalue in (-inf, 0]: E2."""

    @property
    @abstractmethod
    def where_principal(self) -> Formula:
        """The same as a formula, however much work it is; raises `TooLarge` if it would have too many terms."""

    @property
    @abstractmethod
    def no_unit(self) -> Truth:
        """1 is no eigenvalue: chi(1) != 0."""

    @property
    @abstractmethod
    def unit_multiplicities(self) -> list[tuple[int, Formula]]:
        """The possible algebraic multiplicities of the eigenvalue 1, 0 among them, each with the formula for where it has it.

        Raises `TooLarge` if that is not described.
        """

    @property
    @abstractmethod
    def no_minus_one(self) -> Truth:
        """-1 is no eigenvalue."""

    @property
    @abstractmethod
    def no_complex_pair_on_circle(self) -> Truth:
        """No pair of complex conjugate eigenvalues on the unit circle."""

    @property
    @abstractmethod
    def stable(self) -> Truth:
        """All eigenvalues are inside the unit circle."""

    @property
    @abstractmethod
    def diagonalisable(self) -> Truth:
        """M is diagonalisable over the complex numbers."""

    @property
    @abstractmethod
    def paired(self) -> Truth:
        """For every negative eigenvalue and every size, the number of Jordan blocks of that size is even."""

    @property
    @abstractmethod
    def no_complex(self) -> Truth:
        """Every eigenvalue is real."""

    @property
    @abstractmethod
    def complex_blocks_single(self) -> Truth:
        """No complex eigenvalue has two Jordan blocks."""

    @property
    @abstractmethod
    def positive_blocks_distinct(self) -> Truth:
        """No positive eigenvalue has two Jordan blocks of one size; at 1, those that c or C lengthens do not count."""

    @property
    @abstractmethod
    def negative_eigenvalues(self) -> tuple[NegativeEigenvalue, ...] | None:
        """The distinct negative eigenvalues with their Jordan blocks; None if they depend on parameters."""

    @property
    def negative_blocks(self) -> Sequence[tuple[int, ...]] | None:
        """The sizes of their Jordan blocks; None if they depend on parameters."""
        return None if self.negative_eigenvalues is None else [e.blocks for e in self.negative_eigenvalues]
