"""Facts about the eigenvalues of a matrix of numbers, rational or real algebraic, without computing eigenvalues.

They are read off the characteristic polynomial: values at 0 and 1, sign variations (Descartes), Sturm counts, irreducible
factors, ranks. Nothing is computed that an earlier answer decides: most regions of a trained network have no negative eigenvalue
by Descartes' rule, and simple eigenvalues by a greatest common divisor, so that nothing is factored.

Reference: docs/theory, section 5, "Spectral facts without eigenvalues"; W. J. Culver, Proc. AMS 17 (1966) 1146-1151.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import acb, fmpq, fmpq_mat, fmpq_poly

from symplrnn import views
from symplrnn.conditions.formula import ALWAYS, NEVER, Formula
from symplrnn.conditions.truth import FALSE, TRUE, Evidence, Later, Truth, because, truth_of
from symplrnn.eigenvalues.base import NegativeEigenvalue, Spectrum, is_paired
from symplrnn.eigenvalues.repeated_blocks import has_letters, lengthened_blocks, unit_blocks_distinct
from symplrnn.exact.fields.rational import QQ, RationalField, coefficients
from symplrnn.exact.jordan import block_sizes, is_diagonalisable
from symplrnn.exact.number_roots import NumberPolynomial, RationalPolynomial, roots_over
from symplrnn.exact.real_roots import sign_in
from symplrnn.exact.root_discs import RootCounts, approximate_eigenvalues, counted_by_discs

if TYPE_CHECKING:
    from symplrnn.eigenvalues.together import SimpleEigenvalues

__all__ = ["NumberSpectrum", "RationalSpectrum", "UnitCircle"]

COUNTED_BY_DISCS = 8  # eigenvalues from which discs around approximations are faster than a Sturm chain


@dataclass(frozen=True)
class UnitCircle:
    """How many eigenvalues lie inside, on and outside the unit circle, with algebraic multiplicity."""

    inside: int
    on: int
    outside: int

    @property
    def stability(self) -> str:
        """``"all inside"``, ``"some on"`` (the others inside) or ``"some outside"``."""
        return "some outside" if self.outside else "some on" if self.on else "all inside"


@dataclass(frozen=True, repr=False)
class Factor(views.Shown):
    """An irreducible factor of chi over the network's field, its multiplicity, and the same over the real numbers in it."""

    polynomial: Any
    multiplicity: int
    roots: NumberPolynomial


@dataclass(frozen=True)
class Blocks:
    """A polynomial, the Jordan block sizes of each of its roots, its number of complex pairs, whether a root is positive."""

    factor: Factor
    sizes: tuple[int, ...]
    complex_pairs: int
    positive: bool

    @property
    def evidence(self) -> dict[str, Any]:
        """The polynomial with the sizes."""
        return {"minimal_polynomial": self.factor.roots.polynomial, "jordan_blocks": self.sizes}


class NumberSpectrum(Spectrum):
    """Facts about the eigenvalues of a matrix of real algebraic numbers; c and C may have parameters."""

    @cached_property
    def determinant(self) -> fmpq | sp.Expr:
        """det M."""
        product = self._core_determinant
        for a in self.diagonal:
            product = product * a
        return self.number(product)

    @property
    def _core_determinant(self) -> Any:
        return self.core_polynomial[0] * (-1) ** int(self.core.nrows())

    @property
    def core_determinant(self) -> fmpq | sp.Expr:
        """The determinant of the core."""
        return self.number(self._core_determinant)

    @cached_property
    def counted_factors(self) -> list[Factor]:
        """The irreducible factors of chi, with their roots."""
        return [Factor(f, e, self._roots(f)) for f, e in self.factors]

    def _roots(self, polynomial: Any) -> NumberPolynomial:
        found = roots_over(self.field, polynomial)
        if found is None:
            raise ValueError(f"{polynomial} has parameters")
        return found

    @cached_property
    def value_at_1(self) -> fmpq | sp.Expr:
        """chi(1) = det(I - M)."""
        return self.number(self._value_at(1))

    def _value_at(self, point: int) -> Any:
        x = self.field.element(point)
        product = self.core_polynomial(x)
        for a in self.diagonal:
            product = product * (x - a)
        return product

    @cached_property
    def unit_multiplicity(self) -> int:
        """Algebraic multiplicity of the eigenvalue 1."""
        return self._unit_multiplicity

    @property
    def _unit_multiplicity(self) -> int:
        K, one, rest = self.field, self.field.element(1), self.core_polynomial
        count, root = sum(bool(a == one) for a in self.diagonal), self.linear(one)
        while K.is_zero(rest(one)):
            count, rest = count + 1, K.quotient(rest, root)
        return count

    @cached_property
    def unit_geometric_multiplicity(self) -> int:
        """Geometric multiplicity of the eigenvalue 1: n - rank(M - I)."""
        if self.unit_multiplicity <= 1:
            return self.unit_multiplicity
        n = int(self.matrix.nrows())
        return n - self.field.rank(self.matrix - self.field.identity(n))

    @cached_property
    def descartes_bound(self) -> int:
        """Upper bound for the negative eigenvalues, of the same parity: Descartes' rule on the core, and the diagonal."""
        return self._roots(self.core_polynomial).descartes_bound + sum(sign_in(self.field, a) < 0 for a in self.diagonal)

    @cached_property
    def negative_count(self) -> int:
        """Number of eigenvalues in (-inf, 0), with algebraic multiplicity."""
        if self.descartes_bound == 0:
            return 0
        return sum(f.multiplicity * f.roots.negative_roots for f in self.counted_factors)

    @cached_property
    def negative_eigenvalues(self) -> tuple[NegativeEigenvalue, ...]:
        """The distinct negative eigenvalues with their Jordan blocks."""
        found = []
        for f in self.counted_factors if self.negative_count else []:
            if not f.roots.negative_roots:
                continue
            sizes = block_sizes(self.field, self.matrix, f.polynomial, f.multiplicity)
            value = f.roots.root if f.roots.degree == 1 else None
            for interval in f.roots.negative_intervals():
                found.append(NegativeEigenvalue(f.roots.polynomial, interval, sizes, value))
        return tuple(found)

    @cached_property
    def has_simple_eigenvalues(self) -> bool:
        """Whether no eigenvalue is a multiple root of chi: chi and chi' have no common root."""
        return self._has_simple_eigenvalues

    @property
    def _has_simple_eigenvalues(self) -> bool:
        chi = self.characteristic_polynomial
        return bool(self.field.gcd(chi, chi.derivative()).degree() < 1)

    @cached_property
    def negative_blocks(self) -> Sequence[tuple[int, ...]]:
        """The sizes of the Jordan blocks of each negative eigenvalue; those of simple ones without looking for them."""
        if self.negative_count and self.has_simple_eigenvalues:
            return [(1,)] * self.negative_count
        return [e.blocks for e in self.negative_eigenvalues]

    @cached_property
    def is_diagonalisable(self) -> bool:
        """Whether M is diagonalisable over the complex numbers."""
        return is_diagonalisable(self.field, self.matrix, self.characteristic_polynomial)

    @cached_property
    def jordan_blocks(self) -> tuple[tuple[Any, tuple[int, ...]], ...]:
        """For each irreducible factor of chi, the sizes of the Jordan blocks of each of its roots."""
        return tuple((f.roots.polynomial, sizes) for f, sizes in self._block_sizes)

    @cached_property
    def _block_sizes(self) -> list[tuple[Factor, tuple[int, ...]]]:
        K, M = self.field, self.matrix
        return [(f, block_sizes(K, M, f.polynomial, f.multiplicity)) for f in self.counted_factors]

    @cached_property
    def unit_circle(self) -> UnitCircle:
        """Number of eigenvalues inside, on and outside the unit circle, exactly."""
        inside = on = outside = 0
        for f in self.counted_factors:
            counts = f.roots.by_circle()
            inside += f.multiplicity * counts[0]
            on += f.multiplicity * counts[1]
            outside += f.multiplicity * counts[2]
        return UnitCircle(inside, on, outside)

    @property
    def is_invertible(self) -> bool:
        """Whether 0 is no eigenvalue: chi(0) != 0."""
        return bool(self.determinant != 0)

    @property
    def avoids_nonpositive(self) -> bool:
        """Whether no eigenvalue lies in (-inf, 0]."""
        return self.is_invertible and self.negative_count == 0

    @property
    def invertible(self) -> Truth:
        """0 is no eigenvalue: det M != 0."""
        return because(truth_of(self.is_invertible), Later(self._of_determinant))

    def _of_determinant(self) -> Mapping[str, Any]:
        return {"determinant": self.determinant}

    @property
    def singular(self) -> Truth:
        """0 is an eigenvalue; the evidence has its Jordan blocks."""
        if self.is_invertible:
            return because(FALSE, Later(self._of_determinant))
        return because(TRUE, Later(self._of_zero))

    def _of_zero(self) -> Mapping[str, Any]:
        f = next(f for f in self.counted_factors if f.roots.has_zero_root)
        sizes = block_sizes(self.field, self.matrix, f.polynomial, f.multiplicity)
        return {"determinant": self.determinant, "algebraic_multiplicity": f.multiplicity, "jordan_blocks": sizes}

    @property
    def no_negative(self) -> Truth:
        """No eigenvalue in (-inf, 0): Descartes' rule, then Sturm's theorem on the factors."""
        return because(truth_of(self.negative_count == 0), Later(self._of_negative))

    def _of_negative(self) -> Mapping[str, Any]:
        count, bound = self.negative_count, self.descartes_bound
        evidence = {"descartes_bound": bound, "count": count}
        if count:
            return Evidence(evidence, {"eigenvalues": partial(_negative_eigenvalues, self)})
        if bound:
            return {**evidence, "characteristic_polynomial": self._roots(self.characteristic_polynomial).polynomial}
        return evidence

    @property
    def principal(self) -> Truth:
        """No eigenvalue in (-inf, 0]: E2."""
        return truth_of(self.avoids_nonpositive)

    @property
    def where_principal(self) -> Formula:
        """The same as a formula."""
        return ALWAYS if self.avoids_nonpositive else NEVER

    @property
    def no_unit(self) -> Truth:
        """1 is no eigenvalue: chi(1) != 0."""
        return because(truth_of(self.unit_multiplicity == 0), Later(self._of_unit))

    def _of_unit(self) -> Mapping[str, Any]:
        evidence: dict[str, Any] = {"value_at_1": self.value_at_1, "algebraic_multiplicity": self.unit_multiplicity}
        if self.unit_multiplicity:
            evidence["geometric_multiplicity"] = self.unit_geometric_multiplicity
        return evidence

    @property
    def unit_multiplicities(self) -> list[tuple[int, Formula]]:
        """The algebraic multiplicity of the eigenvalue 1, which it has always."""
        return [(self.unit_multiplicity, ALWAYS)]

    @property
    def no_minus_one(self) -> Truth:
        """-1 is no eigenvalue."""
        return truth_of(not self.field.is_zero(self._value_at(-1)))

    @property
    def no_complex_pair_on_circle(self) -> Truth:
        """No pair of complex conjugate eigenvalues on the unit circle."""
        return truth_of(not any(f.roots.degree > 1 and f.roots.by_circle()[1] for f in self.counted_factors))

    @property
    def stable(self) -> Truth:
        """All eigenvalues are inside the unit circle."""
        return truth_of(self.unit_circle.stability == "all inside")

    @property
    def diagonalisable(self) -> Truth:
        """M is diagonalisable over the complex numbers."""
        return truth_of(self.is_diagonalisable)

    @property
    def paired(self) -> Truth:
        """For every negative eigenvalue and every size, the number of Jordan blocks of that size is even."""
        later: dict[str, Callable[[], Any]] = {}
        if self.negative_count:
            later["eigenvalues"] = partial(_negative_eigenvalues, self)
        paired = all(map(is_paired, self.negative_blocks))
        if not paired:
            later["unpaired"] = partial(_unpaired, self)
        return because(truth_of(paired), Evidence({"count": self.negative_count}, later))

    @cached_property
    def block_facts(self) -> list[Blocks]:
        """The irreducible factors of chi with what E4 asks of their roots."""
        return [
            Blocks(f, sizes, _complex_pairs(f.roots), len(sizes) > 1 and f.roots.positive_roots > 0)
            for f, sizes in self._block_sizes
        ]

    @property
    def core_pairs(self) -> int:
        """How many complex pairs of eigenvalues the core has, if they are simple."""
        return _complex_pairs(self._roots(self.core_polynomial))

    @property
    def no_complex(self) -> Truth:
        """Every eigenvalue is real."""
        pairs = self.core_pairs if self.has_simple_eigenvalues else sum(each.complex_pairs for each in self.block_facts)
        return because(truth_of(pairs == 0), {"complex_pairs": pairs})

    @property
    def complex_blocks_single(self) -> Truth:
        """No complex eigenvalue has two Jordan blocks."""
        if self.has_simple_eigenvalues:
            return TRUE
        several = tuple(each.evidence for each in self.block_facts if each.complex_pairs and len(each.sizes) > 1)
        return because(truth_of(not several), {"several_blocks": several} if several else {})

    @property
    def positive_blocks_distinct(self) -> Truth:
        """No positive eigenvalue has two Jordan blocks of one size; at 1, those that c or C lengthens do not count."""
        if self.has_simple_eigenvalues:
            return TRUE
        evidence: dict[str, Any] = {}
        at_1 = truth_of(True)
        repeated = [each for each in self.block_facts if each.positive and not _distinct(each.sizes)]
        unit = next((each for each in repeated if each.factor.polynomial == self.linear(self.field.element(1))), None)
        if unit is not None and has_letters(self.region.network.field, self.columns):
            repeated.remove(unit)
            at_1 = unit_blocks_distinct(self, unit.sizes)
        elif unit is not None:
            lengthened = lengthened_blocks(self.region.network.field, self.region.affine, unit.sizes)
            evidence["eigenvalue_1"] = {"jordan_blocks": unit.sizes, "lengthened": lengthened}
            if _distinct(tuple((Counter(unit.sizes) - Counter(lengthened)).elements())):
                repeated.remove(unit)
        if repeated:
            evidence["repeated"] = tuple(each.evidence for each in repeated)
        return because(truth_of(not repeated) & at_1, evidence)


class RationalSpectrum(NumberSpectrum):
    """Facts about the eigenvalues of a matrix over Q, on FLINT's matrices and polynomials; c and C may be over any field."""

    @cached_property
    def field(self) -> RationalField:
        """Q."""
        return QQ

    @cached_property
    def matrix(self) -> fmpq_mat:
        """The whole matrix M (n, n)."""
        if self.region.rational_matrix is None:
            raise ValueError(f"region {self.region.pattern}: M is not rational")
        return self.region.rational_matrix

    @cached_property
    def diagonal(self) -> tuple[fmpq, ...]:
        """Eigenvalues that are read off, see `Spectrum`."""
        M = self.matrix
        return tuple(M[j, j] for j in self.read_off)

    @cached_property
    def read_off(self) -> tuple[int, ...]:
        """The states whose columns are 0 off the diagonal: inactive units of a PLRNN; of others, those that are seen to be so."""
        if self.region.network.is_plrnn:
            return tuple(j for j, d in enumerate(self.region.pattern) if d == "0")
        n, rows = self.matrix.nrows(), self.matrix.tolist()
        return tuple(j for j in range(n) if all(rows[i][j] == 0 for i in range(n) if i != j))

    @cached_property
    def core(self) -> fmpq_mat:
        """The matrix with the other eigenvalues, see `Spectrum`."""
        M, left_out = self.matrix, set(self.read_off)
        on = [i for i in range(M.nrows()) if i not in left_out]
        return fmpq_mat(len(on), len(on), [M[i, j] for i in on for j in on])

    @property
    def core_determinant(self) -> fmpq:
        """The determinant of the core of a PLRNN; for other networks that of M, whatever columns are read off."""
        return self._core_determinant if self.region.network.is_plrnn else self.determinant

    @cached_property
    def simple(self) -> SimpleEigenvalues | None:
        """Counts of all eigenvalues, which are simple then; None if they are few, or discs do not tell them apart.

        `symplrnn.eigenvalues.spectrum.spectra` finds them for many regions together.
        """
        if self.matrix.nrows() - len(self.read_off) < COUNTED_BY_DISCS:
            return None
        from symplrnn.eigenvalues.together import simple_eigenvalues  # NumPy: start-up time

        return simple_eigenvalues(self.region.network, [self.region.pattern])[0]

    @property
    def is_invertible(self) -> bool:
        """Whether 0 is no eigenvalue."""
        return super().is_invertible if self.simple is None else not self.simple.zero

    @cached_property
    def unit_multiplicity(self) -> int:
        """Algebraic multiplicity of the eigenvalue 1."""
        return self._unit_multiplicity if self.simple is None else int(self.simple.unit)

    @cached_property
    def has_simple_eigenvalues(self) -> bool:
        """Whether no eigenvalue is a multiple root of chi."""
        return self._has_simple_eigenvalues if self.simple is None else True

    @cached_property
    def _counts(self) -> RootCounts | None:
        """Counts of the core's eigenvalues, which are simple then; None if they are few, or discs do not tell them apart."""
        approximations = approximate_eigenvalues(self.core) if self.core.nrows() >= COUNTED_BY_DISCS else None
        return None if approximations is None else counted_by_discs(self.core_polynomial, approximations)

    @cached_property
    def negative_count(self) -> int:
        """Number of eigenvalues in (-inf, 0), with algebraic multiplicity."""
        if self.simple is not None:
            return self.simple.negative
        if self.descartes_bound == 0:
            return 0
        if self._counts is None:
            return sum(f.multiplicity * f.roots.negative_roots for f in self.counted_factors)
        return self._counts.negative + sum(a < 0 for a in self.diagonal)

    @property
    def core_pairs(self) -> int:
        """How many complex pairs of eigenvalues the core has, if they are simple."""
        if self.simple is not None:
            return self.simple.pairs
        return super().core_pairs if self._counts is None else self._counts.pairs

    def _roots(self, polynomial: fmpq_poly) -> RationalPolynomial:
        return RationalPolynomial(polynomial)

    @cached_property
    def counted_factors(self) -> list[Factor]:
        """The irreducible factors of chi, with their roots."""
        return [Factor(f, e, roots) for (f, e), roots in zip(self.factors, self._factor_roots, strict=True)]

    @cached_property
    def _factor_roots(self) -> list[RationalPolynomial]:
        return [self._roots(f) for f, _ in self.factors]

    @property
    def enclosed_roots(self) -> list[list[acb]]:
        """Balls around the roots of each factor, of `ENCLOSURE_BITS` bits: those that `unit_circle` counts."""
        return [roots.enclosures for roots in self._factor_roots]

    def number(self, element: fmpq) -> fmpq:
        """Return a rational number as evidence."""
        return element

    def linear(self, root: fmpq) -> fmpq_poly:
        """Return x - root."""
        return fmpq_poly([-root, 1])

    @cached_property
    def core_polynomial(self) -> fmpq_poly:
        """The characteristic polynomial of the core, at once: FLINT is faster at it than at finding blocks."""
        return QQ.characteristic_polynomial(self.core)

    @cached_property
    def factors(self) -> list[tuple[fmpq_poly, int]]:
        """Monic irreducible factors of chi with multiplicities: those of the core, and one for each entry of the diagonal."""
        found = QQ.factor(self.core_polynomial) if self.core.nrows() else []
        for a in sorted(set(self.diagonal)):
            linear, times = fmpq_poly([-a, 1]), self.diagonal.count(a)
            known = next((k for k, (factor, _) in enumerate(found) if factor == linear), None)
            if known is None:
                found.append((linear, times))
            else:
                found[known] = (linear, found[known][1] + times)
        if not self.region.network.is_plrnn:
            found.sort(key=lambda item: (item[0].degree(), coefficients(item[0])))
        return found


def _negative_eigenvalues(spectrum: NumberSpectrum) -> tuple[NegativeEigenvalue, ...]:
    return spectrum.negative_eigenvalues


def _unpaired(spectrum: NumberSpectrum) -> tuple[NegativeEigenvalue, ...]:
    return tuple(e for e in spectrum.negative_eigenvalues if not e.is_paired)


def _complex_pairs(squarefree: NumberPolynomial) -> int:
    return 0 if squarefree.degree < 2 else (squarefree.degree - squarefree.real_roots) // 2


def _distinct(sizes: Sequence[int]) -> bool:
    return len(set(sizes)) == len(sizes)
