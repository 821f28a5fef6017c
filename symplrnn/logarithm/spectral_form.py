"""The logarithm of an augmented matrix from a list of the eigenvalues' polynomials, by polynomials in M alone.

With letters in M the eigenvalues that coincide are not known: they differ from one part of the parameter space to the next. On a
part where the characteristic polynomial is prod g_k^{m_k}, with the g_k squarefree and pairwise coprime, every function of M is a
polynomial in M that depends on the g_k and m_k alone, whatever the Jordan blocks are (Hermite interpolation). So formula (3),

    log M^ = log(I + U) + sum_k sum_{g_k(l) = 0} log(l) E_k(l),    M^ = [[M, B], [0, I]],

is computed in K[x] modulo prod g_k^{m_k} (in K[x]/g_k^{m_k} for each k, put together by the Chinese remainder theorem, so that
nothing is divided by differences of other eigenvalues), and M is put in last, block by block: a polynomial p(x) has the value

    p(M^) = [[p(M), q(M) B], [0, p(1) I]],    q(x) = (p(x) - p(1)) / (x - 1),

where p and q may be reduced modulo prod g_k^{m_k} first. That keeps the entries as short as they can be, and right on the whole
part.

With x among the g_k the matrix is singular. F = M^ (I - P) + P, with P the projector onto the generalised kernel, is the flow
after the jump J = (I - P) + M^ P (E6): modulo the power of x it is 1 in place of x, so that its logarithm is 0 there.

Reference: docs/theory, section 5, "Closed-form logarithm"; N. J. Higham, Functions of Matrices, SIAM 2008, section 1.2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from symplrnn.exact.fields.field import Field
from symplrnn.logarithm.spectral_terms import Logarithm, SpectralTerm

__all__ = ["Factor", "augmented_logarithm", "augmented_matrix"]

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
        corner, side = self._combination(left, self.powers).tolist(), self._combination(right, self.images).tolist()
        zero, size = K.element(0), n + columns
        rows = [[*one, *other] for one, other in zip(corner, side, strict=True)]
        rows += [[at_1 if i == j else zero for j in range(size)] for i in range(n, size)]
        return K.fill(size, size, [x for row in rows for x in row])

    def _combination(self, p: Any, matrices: Sequence[Any]) -> Any:
        terms = [matrices[k] * p[k] for k in range(p.degree() + 1) if not self.field.is_zero(p[k])]
        return reduce(lambda total, term: total + term, terms) if terms else matrices[0] - matrices[0]


def augmented_matrix(field: Field, M: Any, B: Any) -> Any:
    """Return [[M, B], [0, I]].

    >>> from symplrnn.exact.fields.rational import QQ
    >>> augmented_matrix(QQ, QQ.matrix([[2]]), QQ.matrix([[3]]))
    [2, 3]
    [0, 1]
    """
    n, size = M.nrows(), M.nrows() + B.ncols()
    entries = [M[i, j] if j < n else B[i, j - n] for i in range(n) for j in range(size)]
    return field.fill(size, size, entries + [field.element(int(i == j)) for i in range(n, size) for j in range(size)])


def augmented_logarithm(field: Field, M: Any, B: Any, factors: Sequence[Factor]) -> Logarithm:
    """Return log [[M, B], [0, I]] where the characteristic polynomial of M is the product of the factors' powers.

    Without columns in B it is log M. ``factors`` are pairs (g, m) of a monic polynomial and a multiplicity. The result holds
    wherever the g are squarefree and pairwise coprime, and coprime to x - 1 unless equal to it; its denominators vanish only
    where they are not. With x among the factors it is log F, and the last term is that of the generalised kernel: the factor
    x - 1, whose logarithm is 0, with the projector P.

    >>> from symplrnn.exact.fields.rational import QQ
    >>> log = augmented_logarithm(QQ, QQ.matrix([[2]]), QQ.matrix([[3]]), [(QQ.polynomial([-2, 1]), 1)])
    >>> log.terms[0].matrices[0]
    [1, 3]
    [0, 0]

    Reference: docs/theory, section 5, (i) to (iv).
    """
    one = field.element(1)
    unit = field.polynomial([-one, one])
    chi = _product(field, [g for g, m in factors for _ in range(m)])
    powers_of = list(factors)
    if B.ncols():
        known = any(g == unit for g, _ in factors)
        powers_of = [(g, m + (g == unit)) for g, m in factors] if known else [*factors, (unit, 1)]
    powers, images = [field.identity(M.nrows())], [B]
    for _ in range(chi.degree() - 1):
        powers.append(powers[-1] * M)
        images.append(M * images[-1])
    block = _Block(field, tuple(powers), tuple(images), chi)
    x = field.polynomial([field.element(0), one])
    locals_ = _local_parts(field, powers_of)
    S = reduce(lambda total, part: total + part.lift(part.S - x), (part for part in locals_ if part.repeated), x)
    unipotent = reduce(lambda total, part: total + part.lift(part.U), (p for p in locals_ if p.repeated), field.polynomial([]))
    whole = _product(field, [part.modulus for part in locals_])
    regular = [part for part in locals_ if part.g != x]
    terms = [_small_term(part, block) if part.g.degree() <= 2 else _term(part, locals_, S, whole, block) for part in regular]
    flow = x
    for part in locals_:
        if part.g == x:
            kernel = part.lift(field.polynomial([one]))
            flow = field.remainder(x - x * kernel + kernel, whole)
            terms.append(SpectralTerm(field, unit, (block.value(kernel),), field.polynomial([one])))
    power, nilpotent = unipotent, []
    while power.degree() >= 0:
        nilpotent.append(block.value(power))
        power = field.remainder(power * unipotent, whole)
    return Logarithm(field, block.value(flow), tuple(nilpotent), tuple(terms))


@dataclass(frozen=True)
class _Local:
    """The ring K[x]/g^m of one factor: x = S (1 + U) there, S semisimple, U nilpotent; ``others`` is the product of the rest."""

    field: Field
    g: Any
    m: int
    modulus: Any
    others: Any

    @property
    def repeated(self) -> bool:
        return self.m > 1

    @cached_property
    def split(self) -> tuple[Any, Any]:
        return _semisimple(self.field, self.g, self.modulus)

    @property
    def S(self) -> Any:  # noqa: N802
        return self.split[0]

    @property
    def U(self) -> Any:  # noqa: N802
        return self.split[1]

    @cached_property
    def inverse(self) -> Any:
        """1 / others in K[x]/g^m."""
        return self.field.inverse_modulo(self.others, self.modulus)

    def lift(self, p: Any) -> Any:
        """Return the polynomial that is p modulo g^m and 0 modulo the other factors' powers."""
        return self.others * self.field.remainder(self.inverse * p, self.modulus)


def _local_parts(field: Field, powers_of: Sequence[Factor]) -> list[_Local]:
    moduli = [_product(field, [g] * m) for g, m in powers_of]
    return [
        _Local(field, g, m, modulus, _product(field, [*moduli[:k], *moduli[k + 1 :]]))
        for k, ((g, m), modulus) in enumerate(zip(powers_of, moduli, strict=True))
    ]


def _product(field: Field, polynomials: Sequence[Any]) -> Any:
    return reduce(lambda p, q: p * q, polynomials, field.polynomial([field.element(1)]))


def _compose(field: Field, outer: Any, inner: Any, modulus: Any) -> Any:
    """Return outer(inner(x)) modulo a polynomial, by Horner's rule."""
    value = field.polynomial([])
    for k in range(outer.degree(), -1, -1):
        value = field.remainder(value * inner + field.polynomial([outer[k]]), modulus)
    return value


def _semisimple(field: Field, g: Any, modulus: Any) -> tuple[Any, Any]:
    """Return polynomials S and U with x = S (1 + U) modulo g^m: S semisimple, U nilpotent (Newton's iteration).

    Modulo a power of x both are 0: the flow after the jump has no logarithm there.
    """
    x = field.polynomial([field.element(0), field.element(1)])
    if g == x:
        return field.polynomial([]), field.polynomial([])
    if g.degree() == modulus.degree():
        return field.remainder(x, modulus), field.polynomial([])
    if g.degree() == 1:
        return field.polynomial([-g[0]]), x * (field.element(1) / -g[0]) - field.polynomial([field.element(1)])
    S = x
    value = _compose(field, g, S, modulus)
    while value.degree() >= 0:
        slope = field.inverse_modulo(_compose(field, g.derivative(), S, modulus), modulus)
        S = field.remainder(S - value * slope, modulus)
        value = _compose(field, g, S, modulus)
    inverse = field.inverse_modulo(S, modulus)
    return S, field.remainder((x - S) * inverse, modulus)


def _small_term(part: _Local, block: _Block) -> SpectralTerm:
    """Return the projectors of the roots of f of degree 1 or 2: the lift of [f(x)/(x-l)](S) / f'(l)."""
    K, f = part.field, part.g
    one = K.polynomial([K.element(1)])
    if f.degree() == 1:
        return SpectralTerm(K, f, (block.value(part.lift(one)),), one)
    parts = [part.lift(part.S + K.polynomial([f[1]])), part.lift(one)]
    divided = _divided(parts, K.inverse_modulo(f.derivative(), f), f)
    return SpectralTerm(K, f, tuple(block.value(p) for p in divided), one)


def _divided(parts: Sequence[Any], factor: Any, f: Any) -> list[Any]:
    """Return the coefficients of (sum_k l^k p_k(x)) factor(l) modulo f(l), for f of degree 2."""
    low, high = parts  # (p0 + p1 l)(i0 + i1 l) with l^2 = -f0 - f1 l
    both = high * factor[1]
    return [low * factor[0] - both * f[0], low * factor[1] + high * factor[0] - both * f[1]]


def _term(part: _Local, locals_: Sequence[_Local], S: Any, modulus: Any, block: _Block) -> SpectralTerm:
    """Return the projectors of the roots of f: E(l) = g(S) [f(x)/(x-l)](S) / (g(l) f'(l)) with g = s/f, and the division left."""
    field, f = part.field, part.g
    g = _product(field, [other.g for other in locals_ if other is not part])
    cofactor = _compose(field, g, S, modulus)
    quotients = [field.polynomial([field.element(1)])]
    for k in range(f.degree() - 1, 0, -1):
        quotients.append(field.remainder(quotients[-1] * S + field.polynomial([f[k]]), modulus))
    parts = [field.remainder(cofactor * q, modulus) for q in reversed(quotients)]
    return SpectralTerm(field, f, tuple(block.value(p) for p in parts), field.remainder(g * f.derivative(), f))
