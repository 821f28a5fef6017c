"""Eigenvalues with several Jordan blocks, for a matrix with letters or irrational entries: what E4 needs, as formulas.

For a quadratic factor f of the characteristic polynomial chi with a complex pair of roots, these have several blocks iff
(chi/f)(M) = 0: then the minimal polynomial lacks a power of f. For a positive eigenvalue l of multiplicity m, the root of a
linear factor where eigenvalues coincide (`symplrnn.eigenvalues.parts`), put N = M - l on its generalised eigenspace. Two blocks
of one size are there iff

    m = 2, 3        N = 0           (the sizes are (1, 1) or (1, 1, 1), and not (2), (2, 1) or (3))
    m = 4           N^2 = 0         (the sizes are (1, 1, 1, 1), (2, 1, 1) or (2, 2), and not (3, 1) or (4))

At l = 1 the blocks that B = [c, C] lengthens do not count. With q the product of the other factors of chi to their powers, q(M)
maps into the generalised eigenspace of 1 and is invertible on it; so put b = q(M) B. Then rank [N, b] - rank N - rank N b
blocks of size 1 are lengthened and, if N^2 = 0, rank N b of size 2 (proofs/uniqueness.md, Lemma 4).

Reference: proofs/uniqueness.md, sections 2 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import combinations
from typing import Any

import sympy as sp

from symplrnn import limits
from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas, negative, positive, zero
from symplrnn.conditions.root_conditions import all_roots_real, discriminant, no_real_root
from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, Truth, any_of, conditional
from symplrnn.eigenvalues.base import Spectrum
from symplrnn.eigenvalues.parts import Part, coefficients_of
from symplrnn.exact.fields.field import Field
from symplrnn.exact.jordan import block_sizes
from symplrnn.exact.number_roots import roots_over

__all__ = ["complex_blocks_single", "has_letters", "lengthened_blocks", "positive_blocks_distinct", "unit_blocks_distinct"]


def has_letters(field: Field, matrix: Any) -> bool:
    """Return whether some entry depends on a letter.

    >>> from symplrnn.network import PLRNN
    >>> region = PLRNN(["1/2"], [[0]], ["h"], parameters={"h": "real"}).region("0")
    >>> has_letters(region.network.field, region.affine.M), has_letters(region.network.field, region.affine.c)
    (False, True)
    """
    return bool(field.parameters) and any(field.to_sympy(x).free_symbols for x in matrix.entries())


def complex_blocks_single(spectrum: Spectrum) -> Truth:
    """Return whether no complex eigenvalue has two Jordan blocks.

    >>> from symplrnn.network.network import ReLURNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> M = [[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, "-a"], [0, 0, 1, 0]]
    >>> net = ReLURNN(M, [[], [], [], []], [0] * 4, V=[], parameters={"a": "positive"})
    >>> complex_blocks_single(spectrum(net.region("")))
    IF(Ne(a, 1))
    """
    nonlinear = [(g, m) for g, m in spectrum.factors if g.degree() > 1]
    if sum(m * g.degree() for g, m in nonlinear) < 4:
        return TRUE
    several = [truth for g, m in nonlinear for truth in _alone(spectrum, g, m)]
    several += [_together(spectrum, g, h) for (g, _), (h, _) in combinations(nonlinear, 2)]
    return ~any_of(several)


def _alone(spectrum: Spectrum, g: Any, m: int) -> Iterator[Truth]:
    """Yield whether a complex root of a factor has several blocks, because of its power or of repeated roots of its own."""
    K = spectrum.field
    complex_roots = ~all_roots_real(coefficients_of(K, g))
    if complex_roots.is_false:
        return
    if m > 1:
        if g.degree() == 2:
            yield conditional(complex_roots & _annihilates_without(spectrum, g))
        else:
            yield _open(complex_roots, f"blocks of complex roots of a repeated factor of degree {g.degree()}")
    if g.degree() < 4 or roots_over(K, g) is not None:
        return
    if g.degree() > 4:
        where = complex_roots & zero(discriminant(coefficients_of(K, g)))
        yield _open(where, f"repeated complex roots of a polynomial of degree {g.degree()} with letters")
        return
    # a double pair: g = f^2 with f = x^2 + a x + b
    two = K.element(2)
    a = g[3] / two
    b = (g[2] - a * a) / two
    square = zero(K.to_sympy(g[1] - two * a * b)) & zero(K.to_sympy(g[0] - b * b))
    where = square & negative(K.to_sympy(a * a - b * K.element(4)))
    if not where.is_false:
        root = K.polynomial([b, a, K.element(1)])
        yield conditional(where & _vanishes(K, _value(spectrum, g, root)))


def _together(spectrum: Spectrum, g: Any, h: Any) -> Truth:
    """Return whether two factors have a complex root in common that has several blocks."""
    K = spectrum.field
    if roots_over(K, g) is not None and roots_over(K, h) is not None:
        return FALSE
    f, other = sorted((g, h), key=lambda p: int(p.degree()))
    both = ~all_roots_real(coefficients_of(K, f)) & ~all_roots_real(coefficients_of(K, other))
    if both.is_false:
        return FALSE
    if f.degree() > 2:
        return _open(both, f"common roots of polynomials of degrees {f.degree()} and {other.degree()} with letters")
    rest = K.remainder(other, f)
    where = both & all_formulas(zero(x) for x in coefficients_of(K, rest)) if rest.degree() >= 0 else both
    return FALSE if where.is_false else conditional(where & _annihilates_without(spectrum, f))


def _open(where: Formula, reason: str) -> Truth:
    """Return the truth of something that is not decided where a condition holds, and false elsewhere."""
    return FALSE if where.is_false else UNKNOWN(reason)


def _annihilates_without(spectrum: Spectrum, f: Any) -> Formula:
    """Return whether (chi/f)(M) = 0."""
    return _vanishes(spectrum.field, _value(spectrum, f, None))


def _value(spectrum: Spectrum, f: Any, instead: Any) -> Any:
    """Return (chi/f)(M), or (chi/f)(M) p(M) with a further polynomial ``instead``."""
    K, found = spectrum.field, []
    for g, m in spectrum.factors:
        found += [g] * (m - int(g == f))
    return _product(K, spectrum.matrix, found + ([] if instead is None else [instead]))


def _product(K: Field, M: Any, polynomials: Sequence[Any]) -> Any:
    return reduce(lambda value, g: value * K.evaluate(g, M), polynomials, K.identity(M.nrows()))


def _vanishes(K: Field, matrix: Any) -> Formula:
    return all_formulas(zero(K.to_sympy(x)) for x in matrix.entries() if not K.is_zero(x))


def positive_blocks_distinct(parts: Iterable[Part]) -> Truth:
    """Return whether no positive eigenvalue has two Jordan blocks of one size; at 1, those that c or C lengthens do not count.

    ``parts`` cover the parameter space, with [c, C] for B.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> net = PLRNN(["a", 1], [[0, 0], [0, 0]], ["h", 0], parameters={"a": "positive", "h": "real"})
    >>> positive_blocks_distinct(spectrum(net.region("00")).compared_parts)
    IF(Ne(a, 1) | Ne(h, 0))
    """
    return ~any_of(map(_repeated, parts))


def unit_blocks_distinct(spectrum: Spectrum, sizes: Sequence[int]) -> Truth:
    """Return whether no two Jordan blocks of one size of the eigenvalue 1 count, for a matrix of numbers and [c, C] with letters.

    ``sizes`` are those of all its blocks.

    >>> from symplrnn.network import PLRNN
    >>> from symplrnn.eigenvalues.spectrum import spectrum
    >>> net = PLRNN([1, 1], [[0, 0], [0, 0]], ["h", 0], parameters={"h": "real"})
    >>> unit_blocks_distinct(spectrum(net.region("00")), (1, 1))
    IF(Ne(h, 0))
    """
    affine, m = spectrum.region.affine, sum(sizes)
    K, unit = affine.field, [-1, 1]
    coefficients = [(coefficients_of(spectrum.field, g), e) for g, e in spectrum.factors]  # c may be over a larger field than M
    factors = tuple((K.polynomial([K.element(x) for x in c]), e) for c, e in coefficients)
    whole = Part(K, affine.M, spectrum.columns, factors)
    k = next(k for k, (c, _) in enumerate(coefficients) if c == unit)
    b = _turned_part(whole, k)
    if set(sizes) == {1}:
        return ~conditional(_rank_at_most(whole, b, m - 2))
    if m == 4 and b.nrows() <= limits.MINOR_STATES:
        return conditional(_distinct_at_1(whole, k, b))
    kept = _vanishes(K, b)
    reason = f"which of the blocks {tuple(sizes)} of the eigenvalue 1 are lengthened, with letters"
    return ~(conditional(kept) | _open(~kept, reason))


def lengthened_blocks(K: Field, affine: Any, sizes: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes, as they are in M, of the Jordan blocks of the eigenvalue 1 that are longer by one in [[M, c, C], [0, I]].

    ``sizes`` are those in M. The blocks of more than j in M^ are as many as in M and those of size j that are lengthened.
    """
    whole = affine.augmented()
    unit = K.polynomial([K.element(-1), K.element(1)])
    extended = block_sizes(K, whole, unit, sum(sizes) + whole.nrows() - affine.n)
    found: list[int] = []
    for j in sorted(set(sizes), reverse=True):
        found += [j] * (sum(m > j for m in extended) - sum(m > j for m in sizes))
    return tuple(found)


def _repeated(part: Part) -> Truth:
    """Return whether a point is on a part and a positive eigenvalue has two blocks of one size there that count."""
    if part.unresolved:
        return _open(part.condition, part.unresolved)
    return any_of(_repeated_root(part, k) for k, (_, m) in enumerate(part.factors) if m > 1)


def _repeated_root(part: Part, k: int) -> Truth:
    """Return the same for the roots of one factor of a part."""
    K, (g, m) = part.field, part.factors[k]
    c = [x.subs(dict(part.definitions)) for x in coefficients_of(K, g)]
    where = part.condition & ~no_real_root(_reflected(c))
    if where.is_false:
        return FALSE
    at_1 = zero(sp.Add(*c))
    if g.degree() > 1:
        return _repeated_roots(part, k, where, at_1, positive(c[0]))
    if m > 4:
        return UNKNOWN(f"Jordan blocks of an eigenvalue of multiplicity {m} with letters")
    nilpotent = _product(K, part.M, [f for i, (f, e) in enumerate(part.factors) for _ in range(1 + (m > 3) if i == k else e)])
    where = where & _zero_on(part, nilpotent)
    if where.is_false or (where & at_1).is_false:
        return conditional(where)
    turned = _turned_part(part, k)
    if m < 4:
        return conditional(where & (~at_1 | _rank_at_most(part, turned, m - 2)))
    if turned.nrows() > limits.MINOR_STATES:
        free = ~at_1 | _zero_on(part, turned)
        return conditional(where & free) | _open(
            where & ~free, "which blocks of an eigenvalue 1 of multiplicity 4 are lengthened"
        )
    return conditional(where & (~at_1 | ~_distinct_at_1(part, k, turned)))


def _distinct_at_1(part: Part, k: int, b: Any) -> Formula:
    """Return whether of no size there are two blocks that B does not lengthen, at an eigenvalue 1 of multiplicity 4, N^2 = 0.

    For (2, 2) one is to be lengthened, rank N b >= 1; for (2, 1, 1) one of size 1; for (1, 1, 1, 1) three.
    """
    K, n, columns = part.field, part.M.nrows(), b.ncols()
    N = _product(K, part.M, [f for i, (f, e) in enumerate(part.factors) for _ in range(1 if i == k else e)])
    wider = K.fill(
        n, n + columns, [x for i in range(n) for x in (*(N[i, j] for j in range(n)), *(b[i, j] for j in range(columns)))]
    )
    simple, kept = _rank_at_most(part, N, 1), _zero_on(part, part.M * b - b)
    one_of_two = ~simple & ~kept
    one_of_size_1 = kept & ~_rank_at_most(part, wider, 1)
    if columns > 1:
        one_of_size_1 |= ~kept & ~_rank_at_most(part, wider, 2)
    three = ~_rank_at_most(part, b, 2)
    semisimple = _zero_on(part, N)
    return one_of_two | (simple & ~semisimple & one_of_size_1) | (semisimple & three)


def _reflected(c: Sequence[sp.Expr]) -> list[sp.Expr]:
    """Return the coefficients of (-1)^n f(-x)."""
    return [(-1) ** (len(c) - 1 - k) * x for k, x in enumerate(c)]


def _repeated_roots(part: Part, k: int, where: Formula, at_1: Formula, both_positive: Formula) -> Truth:
    """Return the same for a power of a factor of degree 2 or more; ``where`` says that one of its roots is positive."""
    K, (g, m) = part.field, part.factors[k]
    reason = f"Jordan blocks of the roots of a repeated polynomial of degree {g.degree()} with letters"
    nilpotent = _product(K, part.M, [f for i, (f, e) in enumerate(part.factors) for _ in range(1 if i == k else e)])
    if not all(K.is_zero(x) for x in nilpotent.entries()):
        return UNKNOWN(reason)
    if g.degree() > 2:
        return any_of([conditional(where & ~at_1), _open(where & at_1, reason)])
    if (where & at_1).is_false:
        return conditional(where)
    other = K.polynomial([-g[0], K.element(1)])  # where 1 is a root, the other one is g(0)
    turned = K.evaluate(other, part.M) * _turned_part(part, k)
    return conditional(where & (~at_1 | both_positive | _rank_at_most(part, turned, m - 2)))


def _turned_part(part: Part, k: int) -> Any:
    """Return q(M) B with q the product of the other factors to their powers."""
    return _product(part.field, part.M, [f for i, (f, e) in enumerate(part.factors) for _ in range(0 if i == k else e)]) * part.B


def _zero_on(part: Part, matrix: Any) -> Formula:
    K = part.field
    return all_formulas(zero(part.expand(K.to_sympy(x))) for x in matrix.entries() if not K.is_zero(x))


def _rank_at_most(part: Part, matrix: Any, rank: int) -> Formula:
    """Return whether all minors of size rank + 1 vanish."""
    K, size = part.field, rank + 1
    if size > min(matrix.nrows(), matrix.ncols()):
        return ALWAYS
    return all_formulas(
        zero(part.expand(K.to_sympy(K.determinant(K.fill(size, size, [matrix[i, j] for i in rows for j in columns])))))
        for rows in combinations(range(matrix.nrows()), size)
        for columns in combinations(range(matrix.ncols()), size)
    )
