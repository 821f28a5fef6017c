"""The logarithm of an augmented matrix from a list of the eigenvalues' polynomials, by polynomials in M alone.

With letters in M the eigenvalues that coincide are not known: they differ from one part of the parameter space to the next. On a
part where the characteristic polynomial is prod g_k^{m_k}, with the g_k squarefree and pairwise coprime, every function of M is a
polynomial in M that depends on the g_k and m_k alone, whatever the Jordan blocks are (Hermite interpolation). So formula (3),

    log M^ = log(I + U) + sum_k sum_{g_k(l) = 0} log(l) E_k(l),    M^ = [[M, B], [0, I]],

is computed in K[x] modulo prod g_k^{m_k}, and M is put in last, block by block: a polynomial p(x) has the value

    p(M^) = [[p(M), q(M) B], [0, p(1) I]],    q(x) = (p(x) - p(1)) / (x - 1),

where p and q may be reduced modulo prod g_k^{m_k} first. That keeps the entries as short as they can be, and right on the whole
part.

Reference: THEORY section 5, "Closed-form logarithm"; N. J. Higham, Functions of Matrices, SIAM 2008, section 1.2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from symplrnn.exact.field import Field
from symplrnn.logarithm import Logarithm, SpectralTerm

__all__ = ["augmented_logarithm"]

Factor = tuple[Any, int]


@dataclass(frozen=True)
class _Block:
    """The value p(M^) of a polynomial p, as a matrix over K: powers of M and M^k B are computed once."""

    field: Field
    powers: tuple[Any, ...]
    images: tuple[Any, ...]
    modulus: Any

    def value(self, p: Any) -> Any:
        K, one = self.field, self.field.element(1)
        at_1 = p(one)
        quotient = K.quotient(p - K.polynomial([at_1]), K.polynomial([-one, one]))
        left, right = K.remainder(p, self.modulus), K.remainder(quotient, self.modulus)
        n, columns = self.powers[0].nrows(), self.images[0].ncols()
        corner = [self._combination(left, self.powers, i, j) for i in range(n) for j in range(n)]
        side = [self._combination(right, self.images, i, j) for i in range(n) for j in range(columns)]
        zero, size = K.element(0), n + columns
        rows = [[*corner[i * n : (i + 1) * n], *side[i * columns : (i + 1) * columns]] for i in range(n)]
        rows += [[at_1 if i == j else zero for j in range(size)] for i in range(n, size)]
        return K.fill(size, size, [x for row in rows for x in row])

    def _combination(self, p: Any, matrices: Sequence[Any], i: int, j: int) -> Any:
        terms = [p[k] * matrices[k][i, j] for k in range(p.degree() + 1)]
        return reduce(lambda total, term: total + term, terms, self.field.element(0))


def augmented_logarithm(field: Field, M: Any, B: Any, factors: Sequence[Factor]) -> Logarithm:
    """Return log [[M, B], [0, I]] where the characteristic polynomial of M is the product of the factors' powers.

    Without columns in B it is log M. ``factors`` are pairs (g, m) of a monic polynomial and a multiplicity. The result holds
    wherever the g are squarefree and pairwise coprime, and coprime to x - 1 unless equal to it; its denominators vanish only
    where they are not.

    >>> from symplrnn.exact.rational import QQ
    >>> log = augmented_logarithm(QQ, QQ.matrix([[2]]), QQ.matrix([[3]]), [(QQ.polynomial([-2, 1]), 1)])
    >>> log.terms[0].matrices[0]
    [1, 3]
    [0, 0]

    Reference: THEORY section 5, (i) to (iv).
    """
    one = field.element(1)
    unit = field.polynomial([-one, one])
    chi = _product(field, [g for g, m in factors for _ in range(m)])
    roots, whole = [g for g, _ in factors], chi
    if B.ncols():
        roots += [] if any(g == unit for g in roots) else [unit]
        whole = chi * unit
    s = _product(field, roots)
    powers, images = [field.identity(M.nrows())], [B]
    for _ in range(chi.degree() - 1):
        powers.append(powers[-1] * M)
        images.append(M * images[-1])
    block = _Block(field, tuple(powers), tuple(images), chi)
    S, unipotent = _semisimple(field, s, whole)
    terms = tuple(_term(field, g, s, S, whole, block) for g in roots)
    power, nilpotent = unipotent, []
    while power.degree() >= 0:
        nilpotent.append(block.value(power))
        power = field.remainder(power * unipotent, whole)
    x = field.polynomial([field.element(0), one])
    return Logarithm(field, block.value(x), tuple(nilpotent), terms)


def _product(field: Field, polynomials: Sequence[Any]) -> Any:
    return reduce(lambda p, q: p * q, polynomials, field.polynomial([field.element(1)]))


def _compose(field: Field, outer: Any, inner: Any, modulus: Any) -> Any:
    """Return outer(inner(x)) modulo a polynomial, by Horner's rule."""
    value = field.polynomial([])
    for k in range(outer.degree(), -1, -1):
        value = field.remainder(value * inner + field.polynomial([outer[k]]), modulus)
    return value


def _semisimple(field: Field, s: Any, modulus: Any) -> tuple[Any, Any]:
    """Return polynomials S and U with x = S (1 + U) modulo the given one: S semisimple, U nilpotent (Newton's iteration)."""
    x = field.polynomial([field.element(0), field.element(1)])
    if s.degree() == modulus.degree():
        return field.remainder(x, modulus), field.polynomial([])
    S = x
    value = _compose(field, s, S, modulus)
    while value.degree() >= 0:
        slope = field.inverse_modulo(_compose(field, s.derivative(), S, modulus), modulus)
        S = field.remainder(S - value * slope, modulus)
        value = _compose(field, s, S, modulus)
    inverse = field.inverse_modulo(S, modulus)
    return S, field.remainder((x - S) * inverse, modulus)


def _term(field: Field, f: Any, s: Any, S: Any, modulus: Any, block: _Block) -> SpectralTerm:
    """Return the projectors of the roots of f: E(l) = g(S) [f(x)/(x-l)](S) / (g(l) f'(l)) with g = s/f."""
    g = field.quotient(s, f)
    cofactor = _compose(field, g, S, modulus)
    one = field.polynomial([field.element(1)])
    quotients = [one]
    for k in range(f.degree() - 1, 0, -1):
        quotients.append(field.remainder(quotients[-1] * S + field.polynomial([f[k]]), modulus))
    parts = [field.remainder(cofactor * q, modulus) for q in reversed(quotients)]
    denominator = field.remainder(g * f.derivative(), f)
    if f.degree() <= 2:
        parts, denominator = _divided(field, parts, field.inverse_modulo(denominator, f), f), one
    return SpectralTerm(field, f, tuple(block.value(p) for p in parts), denominator)


def _divided(field: Field, parts: Sequence[Any], factor: Any, f: Any) -> list[Any]:
    """Return the coefficients of (sum_k l^k p_k(x)) factor(l) modulo f(l), for f of degree 1 or 2."""
    if f.degree() == 1:
        return [parts[0] * factor[0]]
    low, high = parts  # (p0 + p1 l)(i0 + i1 l) with l^2 = -f0 - f1 l
    both = high * factor[1]
    return [low * factor[0] - both * f[0], low * factor[1] + high * factor[0] - both * f[1]]
