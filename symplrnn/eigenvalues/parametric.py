"""Facts about the eigenvalues of a matrix with parameters, as formulas in them.

The characteristic polynomial is split by the block structure of G1 and then into irreducible factors; each factor gives its own
sign conditions, or, if it has no parameters, is decided by counting its roots (`symplrnn.conditions.root_conditions`). Where the
Jordan structure matters, the parameter space is divided by the coincidences of eigenvalues (`symplrnn.eigenvalues.parts`).

Reference: docs/theory, sections 4 and 5; S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from math import comb
from typing import Any

import sympy as sp
from flint import fmpq

from symplrnn import limits
from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, compared, negative, nonzero, positive, zero
from symplrnn.conditions.root_conditions import (
    all_roots_inside,
    all_roots_real,
    complex_pair_on_circle,
    has_root,
    no_nonpositive_root,
    no_real_root,
)
from symplrnn.conditions.simplification import truth_given
from symplrnn.conditions.truth import UNKNOWN, Truth, all_of, any_of, because, conditional, unless_too_large
from symplrnn.eigenvalues.base import Spectrum
from symplrnn.eigenvalues.counting import RationalSpectrum
from symplrnn.eigenvalues.jordan_conditions import (
    annihilates,
    even_blocks,
    no_negative_in_range,
    no_negative_root,
    product_of_factors,
)
from symplrnn.eigenvalues.parts import Part, coefficients_of, merged, structures
from symplrnn.eigenvalues.repeated_blocks import complex_blocks_single, positive_blocks_distinct
from symplrnn.eigenvalues.single_blocks import exceptional_values
from symplrnn.errors import EntryError, TooLarge
from symplrnn.exact.coupling import block, blocks
from symplrnn.exact.fields.work import within
from symplrnn.exact.rays import MatrixOffRay, PolynomialOffRay
from symplrnn.exact.reading.numbers import to_sympy
from symplrnn.exact.stated import AllInside, AllReal, AllSimple, NoPairOnCircle, SpectralFact
from symplrnn.network.network import ReLURNN
from symplrnn.network.region import Region

__all__ = ["ParametricSpectrum"]

SHORT_DEGREE = 3  # of a polynomial whose conditions are written out with several letters


class ParametricSpectrum(Spectrum):
    """Facts about the eigenvalues of a matrix with parameters, as formulas in them; also for a matrix of numbers.

    They are found when they are asked for, each with a limit on the work, and are unknown beyond it. What has a formula for its
    value raises `TooLarge` instead, if it has too many terms to be written out.
    """

    @cached_property
    def block_polynomials(self) -> list[Any]:
        """The characteristic polynomials of the blocks of the core; raise `TooLarge` if one would have too many terms."""
        self.require_few_terms()
        return [polynomial for polynomial, _ in self._blocks]

    @cached_property
    def block_factors(self) -> list[Any]:
        """The factors of these polynomials."""
        self.require_few_terms()
        return [factors for _, factors in self._blocks]

    @cached_property
    def _blocks(self) -> list[Any]:
        """The characteristic polynomial of each block of the core with its factors; None if it would have too many terms."""
        K, found = self.field, []
        for matrix in self.core_blocks:
            many = has_many_terms([K.to_sympy(x) for x in matrix.entries()], matrix.nrows())
            polynomial = None if many else K.characteristic_polynomial(matrix)
            found.append(None if polynomial is None else (polynomial, K.factor(polynomial)))
        return found

    def require_few_terms(self) -> None:
        """Raise `TooLarge` if a characteristic polynomial would have too many terms."""
        for part in self.core_blocks:
            _refuse_many_terms(self.region, [self.field.to_sympy(x) for x in part.entries()], part.nrows())

    @cached_property
    def core_determinant(self) -> sp.Expr:
        """The determinant of the core, as the product of those of its blocks."""
        return sp.Mul(*(self.field.to_sympy(f[0]) * (-1) ** f.degree() for f in self.block_polynomials))

    @property
    def determinant(self) -> sp.Expr:
        """det M as an expression in the parameters, by factors."""
        return self._value_at(0) * (-1) ** int(self.matrix.nrows())

    def _value_at(self, point: int) -> sp.Expr:
        """Return chi(point), by factors."""
        x = self.field.element(point)
        return sp.Mul(*(self.field.to_sympy(f(x)) ** e for f, e in self.factors))

    def _each(self, condition: Callable[[list[sp.Expr]], Formula]) -> Formula:
        """Return the conjunction over the factors of a condition on their coefficients."""
        return all_formulas(map(condition, self.factor_coefficients))

    def _fact(self, condition: Callable[[list[sp.Expr]], Formula]) -> Truth:
        """Return the same as a fact, with the factors for evidence."""
        return self._with_factors(lambda: conditional(self._each(condition)))

    def _with_factors(self, find: Callable[[], Truth]) -> Truth:
        return _fact(find, lambda: {"factors": self.factors_in_sympy})

    @cached_property
    def invertible(self) -> Truth:
        """0 is no eigenvalue."""
        return _fact(lambda: conditional(self._each(lambda c: nonzero(c[0]))), lambda: {"determinant": self.determinant})

    @property
    def singular(self) -> Truth:
        """0 is an eigenvalue."""
        return because(~self.invertible, self.invertible.evidence)

    @cached_property
    def _where_no_negative(self) -> Formula:
        return self._off_ray(closed=False)

    @cached_property
    def no_negative(self) -> Truth:
        """No eigenvalue in (-inf, 0)."""
        return self._with_factors(lambda: conditional(self._where_no_negative))

    def _off_ray(self, closed: bool) -> Formula:
        """Return where no eigenvalue is in (-inf, 0], or in (-inf, 0): written out where that is short, else stated."""
        where = no_nonpositive_root if closed else no_real_root
        if None not in self._blocks:
            return all_formulas(_off_ray(c, closed, where) for c in self.factor_coefficients)
        found = [where([self.field.to_sympy(-a), sp.Integer(1)]) for a in self.diagonal]
        for matrix, known in zip(self.core_blocks, self._blocks, strict=True):
            if known is None:
                entries = (self.field.to_sympy(x) for x in matrix.entries())
                found.append(positive(MatrixOffRay(int(closed), matrix.nrows(), *entries)))
                continue
            for f, _ in known[1]:
                found.append(_off_ray(coefficients_of(self.field, f), closed, where))
        return all_formulas(found)

    def _stated(self, fact: type[SpectralFact]) -> Truth:
        """Return a fact about all eigenvalues as a condition that is stated."""
        return conditional(positive(fact(int(self.matrix.nrows()), *self._entries)))

    @cached_property
    def _entries(self) -> tuple[sp.Expr, ...]:
        return tuple(map(self.field.to_sympy, self.matrix.entries()))

    def _fact_or_stated(self, condition: Callable[[list[sp.Expr]], Formula], fact: type[SpectralFact]) -> Truth:
        """Return a fact about all eigenvalues, with the factors for evidence: written out where that is short, else stated."""

        def find() -> Truth:
            if None in self._blocks:
                return self._stated(fact)
            others = [c for c in self.factor_coefficients if any(x.free_symbols for x in c)]
            known = all_formulas(condition(c) for c in self.factor_coefficients if c not in others)
            if known.is_false:
                return conditional(known)
            if all(map(_is_written_out, others)):
                with suppress(TooLarge), within(limits.CONDITION_STEPS):
                    return conditional(known & all_formulas(map(condition, others)))
            return self._stated(fact)

        return self._with_factors(find)

    @cached_property
    def where_principal(self) -> Formula:
        """No eigenvalue in (-inf, 0]: E2."""
        return self._each(no_nonpositive_root)

    @cached_property
    def principal(self) -> Truth:
        """No eigenvalue in (-inf, 0]: E2; always a formula, if need be one that is stated and not written out."""
        return truth_given(conditional(self._off_ray(closed=True)), self.region.network.assumptions)

    @cached_property
    def _where_no_unit(self) -> Formula:
        return self._each(lambda c: ~has_root(c, 1))

    @cached_property
    def no_unit(self) -> Truth:
        """1 is no eigenvalue."""
        return _fact(lambda: conditional(self._where_no_unit), lambda: {"value_at_1": self._value_at(1)})

    @property
    def unit_multiplicities(self) -> list[tuple[int, Formula]]:
        """The possible algebraic multiplicities of the eigenvalue 1: the number of derivatives chi, chi', ... that vanish at 1.

        Raises `TooLarge` beyond 4 states, because what follows from a multiplicity takes the inverse of a matrix with letters.
        """
        if self.no_unit.is_true:
            return [(0, ALWAYS)]
        K, n = self.field, int(self.matrix.nrows())
        if n > limits.UNIT_STATES:
            raise TooLarge(f"decided with letters up to {limits.UNIT_STATES} states only")
        found, below, derivative = [(0, self._where_no_unit)], ALWAYS, self.characteristic_polynomial
        for k in range(n + 1):
            value = K.to_sympy(derivative(K.element(1)))
            if k:
                found.append((k, below & nonzero(value)))
            below, derivative = below & zero(value), derivative.derivative()
        return [(k, where) for k, where in found if not where.is_false]

    @cached_property
    def no_minus_one(self) -> Truth:
        """-1 is no eigenvalue."""
        return self._fact(lambda c: ~has_root(c, -1))

    @cached_property
    def stable(self) -> Truth:
        """All eigenvalues inside the unit circle (Schur-Cohn, Jury)."""
        return self._fact_or_stated(all_roots_inside, AllInside)

    @cached_property
    def no_complex_pair_on_circle(self) -> Truth:
        """No pair of complex conjugate eigenvalues on the unit circle."""
        return self._fact_or_stated(lambda c: ~complex_pair_on_circle(c), NoPairOnCircle)

    @property
    def negative_eigenvalues(self) -> None:
        """None: they depend on parameters."""
        return None

    @cached_property
    def no_complex(self) -> Truth:
        """Every eigenvalue is real."""
        return self._fact_or_stated(all_roots_real, AllReal)

    @cached_property
    def _exceptions(self) -> tuple[tuple[Formula, RationalSpectrum], ...] | None:
        """Values of a letter, with the facts there, that include all where an eigenvalue has several Jordan blocks.

        None if they are not known, or few states have formulas that say more.
        """
        if self.matrix.nrows() <= limits.COMPARED_STATES:
            return None
        values = exceptional_values(self.field, self.matrix)
        if values is None:
            return None
        found = []
        for letter, value in values:
            network = _network_at(self.region.network, letter, value)
            if network is not None:
                facts = RationalSpectrum(Region(network, self.region.pattern))
                found.append((compared(letter, to_sympy(value), {0}), facts))
        return tuple(found)

    def _where_single(self, truth: Callable[[RationalSpectrum], Truth], otherwise: Callable[[], Truth]) -> Truth:
        """Return a fact that holds where each eigenvalue has one Jordan block; else, if it is not known where that is."""
        if self._exceptions is None:
            return otherwise()
        return all_of(conditional(~there) | truth(facts) for there, facts in self._exceptions)

    @cached_property
    def complex_blocks_single(self) -> Truth:
        """No complex eigenvalue has two Jordan blocks."""

        def find() -> Truth:
            return self._where_single(lambda facts: facts.complex_blocks_single, lambda: complex_blocks_single(self))

        return self._with_factors(find)

    @cached_property
    def positive_blocks_distinct(self) -> Truth:
        """No positive eigenvalue has two Jordan blocks of one size; at 1, those that c or C lengthens do not count."""

        def find() -> Truth:
            return self._where_single(
                lambda facts: facts.positive_blocks_distinct, lambda: positive_blocks_distinct(self.compared_parts)
            )

        return self._with_factors(find)

    @cached_property
    def compared_parts(self) -> tuple[Part, ...]:
        """Parts of the parameter space by the pattern of equal eigenvalues; see `_compared`."""
        return self._compared(self.matrix, self.factors, self.columns)

    def _compared(self, M: Any, factors: Sequence[tuple[Any, int]], columns: Any = None) -> tuple[Part, ...]:
        """Return the parts, or one that says why the eigenvalues are not compared: too many with letters, or too much work."""
        reason = f"more than {limits.COMPARED_FACTORS} groups of eigenvalues with letters are not compared with each other"
        if sum(any(c.free_symbols for c in coefficients_of(self.field, g)) for g, _ in factors) <= limits.COMPARED_FACTORS:
            try:
                with within(limits.CONDITION_STEPS):
                    return tuple(structures(self.field, M, factors, columns))
            except TooLarge as limit:
                reason = str(limit)
        return (Part(self.field, self.matrix, self.columns, tuple(factors), unresolved=reason),)

    @cached_property
    def diagonalisable(self) -> Truth:
        """M is diagonalisable over C: in each set of coupled units the product of the distinct x - l annihilates it."""
        return unless_too_large(self._all_diagonalisable)

    def _all_diagonalisable(self) -> Truth:
        K, components = self.field, blocks(self.matrix, directed=False)
        if self._exceptions is not None:  # simple eigenvalues, besides at the exceptions
            return any_of([self._stated(AllSimple), *self._at_exceptions(lambda facts: facts.diagonalisable)])
        if len(components) == 1:
            return _diagonalisable(self.compared_parts)
        found = []
        for units in components:
            if len(units) > 1:
                M = block(K, self.matrix, units, units)
                factors = merged([e for u in blocks(M) for e in K.factor(K.characteristic_polynomial(block(K, M, u, u)))])
                found.append(_diagonalisable(self._compared(M, factors)))
        return all_of(found)

    def _at_exceptions(self, truth: Callable[[RationalSpectrum], Truth]) -> Iterator[Truth]:
        """Yield that a letter has one of the exceptional values and a fact holds there."""
        for there, facts in self._exceptions or ():
            yield conditional(there) & truth(facts)

    @cached_property
    def paired(self) -> Truth:
        """For every negative eigenvalue and every size, the number of Jordan blocks of that size is even.

        Without repeated eigenvalues: none is negative.
        """
        return self._with_factors(self._all_paired)

    def _all_paired(self) -> Truth:
        none_negative = conditional(self._where_no_negative)
        if none_negative.is_true:
            return none_negative
        if self._exceptions is not None:
            return any_of([none_negative, *self._at_exceptions(lambda facts: facts.paired)])
        return any_of([none_negative, *(_paired(part) for part in self.compared_parts if _repeats(part))])


@lru_cache(maxsize=64)
def _network_at(network: ReLURNN, letter: sp.Symbol, value: fmpq) -> ReLURNN | None:
    """Return a network at a value of a letter; None if the letter may not have it."""
    with suppress(EntryError):
        return network.subs({letter: to_sympy(value)})
    return None


def _off_ray(c: list[sp.Expr], closed: bool, where: Callable[[Sequence[sp.Expr]], Formula]) -> Formula:
    """Return where a polynomial has no root on a ray: written out where that is not long, else stated."""
    if _is_written_out(c):
        with suppress(TooLarge), within(limits.CONDITION_STEPS):
            return where(c)
    return positive(PolynomialOffRay(int(closed), *c[:-1]))


def _is_written_out(c: list[sp.Expr]) -> bool:
    """Return whether conditions on a polynomial are written out: to degree 3, and with one letter where that is not long."""
    letters = set().union(*(x.free_symbols for x in c))
    if len(c) <= SHORT_DEGREE + 1 or not letters:
        return True
    bits = sum(int(x).bit_length() for k in c for x in (*k.atoms(sp.Integer), *(r.q for r in k.atoms(sp.Rational))))
    return len(letters) == 1 and len(c) <= limits.CONDITION_DEGREE + 1 and bits <= limits.WRITTEN_OUT_BITS


def _fact(find: Callable[[], Truth], evidence: Callable[[], Mapping[str, Any]]) -> Truth:
    """Return a truth with its evidence; UNKNOWN, or without evidence, where it is too large to be written out."""
    found = unless_too_large(find)
    try:
        return because(found, evidence())
    except TooLarge:
        return found


def _diagonalisable(parts: Iterable[Part]) -> Truth:
    return any_of(
        UNKNOWN(part.unresolved) if part.unresolved else conditional(part.condition & annihilates(part, {})) for part in parts
    )


def _repeats(part: Part) -> bool:
    return bool(part.unresolved) or any(m > 1 for _, m in part.factors)


def _paired(part: Part) -> Truth:
    """Return whether E3's condition on negative eigenvalues holds on a part with repeated eigenvalues, and some are negative.

    The sizes of an odd number of blocks of each even number add up to an even number: an odd multiplicity has no pairs.
    """
    if part.unresolved:
        return UNKNOWN(part.unresolved)
    each = []
    for k, (g, m) in enumerate(part.factors):
        option = no_negative_root(part, coefficients_of(part.field, g))
        if m % 2 == 0 and not option.is_true:
            few = len(part.field.parameters) + part.M.nrows() <= limits.RANK_LETTERS_AND_STATES
            if (m > 2 and (g.degree() > 1 or not few)) or (g.degree() > 1 and not few):
                kind = f"an eigenvalue of multiplicity {m} of a polynomial of degree {g.degree()}"
                return UNKNOWN(f"Jordan blocks of {kind} with {len(part.field.parameters)} letters")
            N = product_of_factors(
                part, [1 if i == k else e for i, (_, e) in enumerate(part.factors)]
            )  # nilpotent on the roots of g
            if g.degree() == 1:
                option |= negative(part.signed(part.field.to_sympy(-g[0]))) & even_blocks(part, N, m)
            else:
                option |= no_negative_in_range(part, N, g.degree())
        each.append(option)
    return conditional(part.condition & all_formulas(each))


def has_many_terms(entries: list[sp.Expr], size: int) -> bool:
    """Return whether the determinant of a matrix has too many terms to be expanded: permutations, or monomials in letters."""
    rows = [entries[i * size : (i + 1) * size] for i in range(size)]
    letters = set().union(*(x.free_symbols for x in entries)) if entries else set()
    if not letters:
        return False
    monomials = comb(len(letters) + size, size)
    return min(_permutations(rows), monomials) > limits.CHARACTERISTIC_TERMS


def _refuse_many_terms(region: Region, entries: list[sp.Expr], size: int) -> None:
    """Refuse a block of the core whose determinant has too many terms to be expanded."""
    if not has_many_terms(entries, size):
        return
    letters = set().union(*(x.free_symbols for x in entries))
    raise TooLarge(
        f"region {region.pattern}: the characteristic polynomial of {size} coupled units with {len(letters)} letters would have "
        f"more than {limits.CHARACTERISTIC_TERMS} terms (they grow as the permutations of the units); use fewer letters, or give "
        "them values by net.subs, or by --set"
    )


def _permutations(rows: list[list[sp.Expr]]) -> int:
    """Return the number of products in the expansion of the permanent of x I - M, up to just beyond the limit, by subsets."""
    counts = {0: 1}
    for i, row in enumerate(rows):
        weights = [len(sp.Add.make_args(x)) + (i == j) if x != 0 or i == j else 0 for j, x in enumerate(row)]
        step: dict[int, int] = {}
        for used, count in counts.items():
            for j, weight in enumerate(weights):
                if weight and not used >> j & 1:
                    step[used | 1 << j] = step.get(used | 1 << j, 0) + count * weight
        counts = step
        if len(counts) > 2 * limits.CHARACTERISTIC_TERMS:
            return limits.CHARACTERISTIC_TERMS + 1
    return sum(counts.values())
