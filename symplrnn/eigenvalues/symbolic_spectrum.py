"""Facts about the eigenvalues of a region's matrix with letters in it, as formulas in the parameters.

The same questions as in `symplrnn.eigenvalues.spectrum`, over Q(parameters) or Q(algebraic numbers). The characteristic
polynomial is split by the block structure of G1 and then into irreducible factors; each factor gives its own sign conditions
(`symplrnn.conditions.root_conditions`), and a factor without letters is decided by counting its roots. Where the Jordan
structure matters, the parameter space is divided by the coincidences of eigenvalues (`symplrnn.eigenvalues.parts`).

Reference: THEORY sections 4 and 5; S. Basu, R. Pollack, M.-F. Roy, Algorithms in Real Algebraic Geometry, 2006.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import comb
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_poly

from symplrnn.conditions.formula import ALWAYS, NEVER, Formula, all_formulas, negative, nonzero
from symplrnn.conditions.root_conditions import (
    all_roots_inside,
    complex_pair_on_circle,
    has_root,
    no_nonpositive_root,
    no_real_root,
)
from symplrnn.conditions.truth import MAX_STEPS, UNKNOWN, Truth, all_of, any_of, conditional, unless_too_large
from symplrnn.eigenvalues.jordan_conditions import (
    annihilates,
    even_blocks,
    no_negative_in_range,
    no_negative_root,
    product_of_factors,
)
from symplrnn.eigenvalues.parts import Part, coefficients_of, merged, structures
from symplrnn.eigenvalues.spectrum import roots_by_circle
from symplrnn.errors import TooLarge
from symplrnn.exact.coupling import block, blocks
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.work import within
from symplrnn.exact.real_roots import count_real_roots
from symplrnn.network.region import Region

__all__ = ["SymbolicSpectrum", "symbolic_spectrum"]

MAX_COMPARED = 5  # factors with letters of a characteristic polynomial
MAX_LETTERS_AND_STATES = 8  # where ranks are described by sums of squares of minors, which grow fast
MAX_TERMS = 60  # terms of a characteristic polynomial with letters: three units with all entries free have 38


@dataclass(frozen=True, eq=False)
class SymbolicSpectrum:
    """Spectral facts of one square matrix over a field with parameters.

    ``diagonal`` and ``core`` hold the spectrum: the eigenvalues are the entries of ``diagonal`` and those of ``core``.

    >>> from symplrnn.network.network import PLRNN
    >>> net = PLRNN(["a"], [["w"]], [0], parameters={"a": "positive", "w": "real"})
    >>> facts = symbolic_spectrum(net.region("1"))
    >>> facts.principal, facts.stable
    (a + w > 0, (a + w + 1 > 0) & (a + w - 1 < 0))
    """

    region: Region
    field: Field
    diagonal: tuple[Any, ...]
    core: Any

    def __reduce__(self) -> tuple[Any, ...]:
        return symbolic_spectrum, (self.region,)  # FLINT's polynomials cannot be pickled

    @property
    def matrix(self) -> Any:
        """The whole matrix M (n, n)."""
        return self.region.affine.M

    @cached_property
    def block_polynomials(self) -> list[Any]:
        """Characteristic polynomials of the blocks of the core: units that act on each other, directly or through others.

        Raises `TooLarge` if one would have too many terms.
        """
        self.require_few_terms()
        return [self.field.characteristic_polynomial(part) for part in self._core_blocks]

    @cached_property
    def _core_blocks(self) -> list[Any]:
        return [block(self.field, self.core, units, units) for units in blocks(self.core)]

    def require_few_terms(self) -> None:
        """Raise `TooLarge` if a characteristic polynomial would have too many terms."""
        for part in self._core_blocks:
            _refuse_many_terms(self.region, [self.field.to_sympy(x) for x in part.entries()], part.nrows())

    @cached_property
    def core_determinant(self) -> sp.Expr:
        """The determinant of the core, as the product of those of its blocks."""
        return sp.Mul(*(self.field.to_sympy(f[0]) * (-1) ** f.degree() for f in self.block_polynomials))

    @cached_property
    def characteristic_polynomial(self) -> Any:
        """chi(x) = det(x I - M), monic of degree n."""
        K = self.field
        linear = [K.polynomial([-a, K.element(1)]) for a in self.diagonal]
        return reduce(lambda p, q: p * q, [*self.block_polynomials, *linear], K.polynomial([K.element(1)]))

    @cached_property
    def factors(self) -> list[tuple[Any, int]]:
        """Monic irreducible factors of chi with multiplicities: those of the core, and one for each entry of the diagonal."""
        K = self.field
        core = merged([entry for f in self.block_polynomials for entry in K.factor(f)])
        linear = [(K.polynomial([-a, K.element(1)]), 1) for a in self.diagonal]
        return list(merged([*sorted(core, key=lambda entry: (entry[0].degree(), str(entry[0]))), *linear]))

    @cached_property
    def factors_in_sympy(self) -> tuple[sp.Expr, ...]:
        """The distinct factors of chi as polynomials in lambda."""
        x = sp.Symbol("lambda")
        return tuple(sp.Add(*(c * x**k for k, c in enumerate(coefficients_of(self.field, f)))) for f, _ in self.factors)

    @property
    def determinant(self) -> sp.Expr:
        """det M as an expression in the parameters, by factors."""
        return self.value_at(0) * (-1) ** self.matrix.nrows()

    def value_at(self, point: int) -> sp.Expr:
        """Return chi(point), by factors."""
        x = self.field.element(point)
        return sp.Mul(*(self.field.to_sympy(f(x)) ** e for f, e in self.factors))

    def _each(self, letters: Callable[[list[sp.Expr]], Formula], numbers: Callable[[fmpq_poly], bool]) -> Formula:
        """Return the conjunction over the factors of a condition on coefficients with letters, or decided on rational ones."""
        return all_formulas(_condition(self.field, f, letters, numbers) for f, _ in self.factors)

    @cached_property
    def invertible(self) -> Formula:
        """0 is no eigenvalue."""
        return self._each(lambda c: nonzero(c[0]), lambda f: bool(f[0] != 0))

    @cached_property
    def no_negative(self) -> Formula:
        """No eigenvalue in (-inf, 0)."""
        return self._each(no_real_root, lambda f: count_real_roots(f, None, fmpq(0)) == (f[0] == 0))

    @cached_property
    def principal(self) -> Formula:
        """No eigenvalue in (-inf, 0]: E2."""
        return self._each(no_nonpositive_root, lambda f: count_real_roots(f, None, fmpq(0)) == 0)

    @cached_property
    def no_unit(self) -> Formula:
        """1 is no eigenvalue."""
        return self._each(lambda c: ~has_root(c, 1), lambda f: bool(f(fmpq(1)) != 0))

    @cached_property
    def no_minus_one(self) -> Formula:
        """-1 is no eigenvalue."""
        return self._each(lambda c: ~has_root(c, -1), lambda f: bool(f(fmpq(-1)) != 0))

    @cached_property
    def stable(self) -> Formula:
        """All eigenvalues inside the unit circle (Schur-Cohn, Jury)."""
        return self._each(all_roots_inside, lambda f: roots_by_circle(f)[0] == f.degree())

    @cached_property
    def no_complex_pair_on_circle(self) -> Formula:
        """No pair of complex conjugate eigenvalues on the unit circle."""
        nonreal = [(f, e) for f, e in self.factors if f.degree() > 1]
        found = [
            _condition(self.field, f, lambda c: ~complex_pair_on_circle(c), lambda f: roots_by_circle(f)[1] == 0)
            for f, _ in nonreal
        ]
        return all_formulas(found)

    @cached_property
    def columns(self) -> Any:
        """The offset and the input matrix side by side, [c, C]."""
        K, affine = self.field, self.region.affine
        n, m = affine.n, affine.m
        return K.fill(n, 1 + m, [x for i in range(n) for x in (affine.c[i, 0], *(affine.C[i, j] for j in range(m)))])

    @cached_property
    def compared_parts(self) -> tuple[Part, ...]:
        """Parts of the parameter space by the pattern of equal eigenvalues; see `_compared`."""
        return self._compared(self.matrix, self.factors, self.columns)

    def _compared(self, M: Any, factors: Sequence[tuple[Any, int]], columns: Any = None) -> tuple[Part, ...]:
        """Return the parts, or one that says why the eigenvalues are not compared: too many with letters, or too much work."""
        reason = f"more than {MAX_COMPARED} groups of eigenvalues with letters are not compared with each other"
        if sum(any(c.free_symbols for c in coefficients_of(self.field, g)) for g, _ in factors) <= MAX_COMPARED:
            try:
                with within(MAX_STEPS):
                    return tuple(structures(self.field, M, factors, columns))
            except TooLarge as limit:
                reason = str(limit)
        return (Part(self.field, self.matrix, self.columns, tuple(factors), unresolved=reason),)

    @cached_property
    def diagonalisable(self) -> Truth:
        """Whether M is diagonalisable over C: in each set of coupled units the product of the distinct x - l annihilates it."""
        K, components = self.field, blocks(self.matrix, directed=False)
        if len(components) == 1:
            return _diagonalisable(self.compared_parts)
        found = []
        for units in components:
            if len(units) > 1:
                M = block(K, self.matrix, units, units)
                factors = merged([e for u in blocks(M) for e in K.factor(K.characteristic_polynomial(block(K, M, u, u)))])
                found.append(_diagonalisable(self._compared(M, factors)))
        return all_of(found)

    @cached_property
    def paired(self) -> Truth:
        """Whether, for every negative eigenvalue and every size, the number of Jordan blocks of that size is even.

        Without repeated eigenvalues: whether none is negative.
        """
        return unless_too_large(self._all_paired)

    def _all_paired(self) -> Truth:
        none_negative = conditional(self.no_negative)
        if none_negative.is_true:
            return none_negative
        return any_of([none_negative, *(_paired(part) for part in self.compared_parts if _repeats(part))])


def _diagonalisable(parts: Iterable[Part]) -> Truth:
    return any_of(
        UNKNOWN(part.unresolved) if part.unresolved else conditional(part.condition & annihilates(part, {})) for part in parts
    )


def _condition(
    field: Field, f: Any, letters: Callable[[list[sp.Expr]], Formula], numbers: Callable[[fmpq_poly], bool]
) -> Formula:
    c = coefficients_of(field, f)
    if all(isinstance(x, sp.Rational) for x in c):
        return ALWAYS if numbers(fmpq_poly([fmpq(int(x.p), int(x.q)) for x in c])) else NEVER
    return letters(c)


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
        option = _no_negative(part, g)
        if m % 2 == 0 and not option.is_true:
            few = len(part.field.parameters) + part.M.nrows() <= MAX_LETTERS_AND_STATES
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


def _no_negative(part: Part, g: Any) -> Formula:
    c = coefficients_of(part.field, g)
    if all(isinstance(x, sp.Rational) for x in c):
        f = fmpq_poly([fmpq(int(x.p), int(x.q)) for x in c])
        return ALWAYS if count_real_roots(f, None, fmpq(0)) == (f[0] == 0) else NEVER
    return no_negative_root(part, c)


def symbolic_spectrum(region: Region) -> SymbolicSpectrum:
    """Return the spectral facts of a region's matrix with letters.

    They are found when they are asked for, and raise `TooLarge` then if they have too many terms to be written out.
    """
    network, par = region.network, region.network.exact
    K = network.field
    if network.is_plrnn:
        on = [i for i, d in enumerate(region.pattern) if d == "1"]
        off = [i for i, d in enumerate(region.pattern) if d == "0"]
        core = K.fill(len(on), len(on), [par.W[i, j] + par.A[i, j] for i in on for j in on])
        diagonal = tuple(par.A[j, j] for j in off)
    else:
        core, diagonal = region.affine.M, ()
    return SymbolicSpectrum(region, K, diagonal, core)


def _refuse_many_terms(region: Region, entries: list[sp.Expr], size: int) -> None:
    """Refuse a block of the core whose determinant has too many terms to be expanded: permutations, or monomials in letters."""
    rows = [entries[i * size : (i + 1) * size] for i in range(size)]
    letters = set().union(*(x.free_symbols for x in entries)) if entries else set()
    if not letters:
        return
    monomials = comb(len(letters) + size, size)
    if min(_permutations(rows), monomials) <= MAX_TERMS:
        return
    raise TooLarge(
        f"region {region.pattern}: the characteristic polynomial of {size} coupled units with {len(letters)} letters would have "
        f"more than {MAX_TERMS} terms (they grow as the permutations of the units); use fewer letters, or give them values by "
        "net.subs, or by --set"
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
        if len(counts) > 2 * MAX_TERMS:
            return MAX_TERMS + 1
    return sum(counts.values())
