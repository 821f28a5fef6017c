"""Exact facts about the eigenvalues of a region's matrix, without computing eigenvalues.

Facts are read off the characteristic polynomial: values at 0 and 1, sign variations, Sturm counts, irreducible factors, ranks.
For a PLRNN the columns of the inactive units are a_jj e_j, so M is block triangular up to a permutation and
spec(M) = {a_jj : unit j inactive} + spec((A + W)[active, active]): only a principal submatrix of A + W is touched (G1).

Reference: THEORY section 5, "Spectral facts without eigenvalues".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flint import fmpq, fmpq_mat, fmpq_poly

from symplrnn.errors import require_kind
from symplrnn.exact.balls import power, refine, root_enclosures, working_precision
from symplrnn.exact.fields.rational import QQ
from symplrnn.exact.jordan import block_sizes, is_diagonalisable
from symplrnn.exact.real_roots import (
    Interval,
    count_real_roots,
    is_self_reciprocal,
    isolate_real_roots,
    roots_on_unit_circle,
    sign_variations_negative,
)
from symplrnn.network.region import Region

if TYPE_CHECKING:
    from symplrnn.eigenvalues.symbolic_spectrum import SymbolicSpectrum

__all__ = ["NegativeEigenvalue", "Spectrum", "UnitCircle", "roots_by_circle", "spectrum"]


@dataclass(frozen=True)
class NegativeEigenvalue:
    """A negative eigenvalue: its minimal polynomial, an isolating interval, and the sizes of its Jordan blocks."""

    minimal_polynomial: fmpq_poly
    interval: Interval
    blocks: tuple[int, ...]

    @property
    def is_paired(self) -> bool:
        """Whether, for every size, the number of blocks of that size is even."""
        return all(self.blocks.count(size) % 2 == 0 for size in set(self.blocks))

    def __str__(self) -> str:
        if self.interval.is_point:
            return str(self.interval.lower)
        return f"in {self.interval}"


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


@dataclass(frozen=True)
class Spectrum:
    """Spectral facts of one square rational matrix.

    ``diagonal`` and ``core`` hold the spectrum: the eigenvalues are the entries of ``diagonal`` and those of ``core``.
    ``region`` gives the whole matrix, for the questions (Jordan structure) that eigenvalues alone do not answer.
    """

    region: Region
    diagonal: tuple[fmpq, ...]
    core: fmpq_mat

    def __reduce__(self) -> tuple[Any, ...]:
        return spectrum, (self.region,)  # FLINT's matrices cannot be pickled

    @cached_property
    def matrix(self) -> fmpq_mat:
        """The whole matrix M (n, n)."""
        M: fmpq_mat = self.region.affine.M
        return M

    @cached_property
    def core_polynomial(self) -> fmpq_poly:
        """Characteristic polynomial of the core."""
        return QQ.characteristic_polynomial(self.core)

    @cached_property
    def characteristic_polynomial(self) -> fmpq_poly:
        """chi(x) = det(x I - M), monic of degree n."""
        product = self.core_polynomial
        for a in self.diagonal:
            product *= fmpq_poly([-a, 1])
        return product

    @cached_property
    def determinant(self) -> fmpq:
        """det M."""
        product = self.core_polynomial[0] * (-1) ** self.core.nrows()
        for a in self.diagonal:
            product *= a
        return fmpq(product)

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
        return found

    @property
    def is_invertible(self) -> bool:
        """Whether 0 is no eigenvalue: chi(0) != 0."""
        return bool(self.determinant != 0)

    @cached_property
    def value_at_1(self) -> fmpq:
        """chi(1) = det(I - M)."""
        product = self.core_polynomial(fmpq(1))
        for a in self.diagonal:
            product *= 1 - a
        return fmpq(product)

    @cached_property
    def unit_multiplicity(self) -> int:
        """Algebraic multiplicity of the eigenvalue 1."""
        count, rest, root = self.diagonal.count(fmpq(1)), self.core_polynomial, fmpq_poly([-1, 1])
        while rest(fmpq(1)) == 0:
            count, rest = count + 1, rest // root
        return count

    @cached_property
    def unit_geometric_multiplicity(self) -> int:
        """Geometric multiplicity of the eigenvalue 1: n - rank(M - I)."""
        if self.unit_multiplicity <= 1:
            return self.unit_multiplicity
        n = self.matrix.nrows()
        return n - QQ.rank(self.matrix - QQ.identity(n))

    @cached_property
    def descartes_bound(self) -> int:
        """Upper bound for the negative eigenvalues, of the same parity: Descartes' rule on the core, and the diagonal."""
        return sign_variations_negative(self.core_polynomial) + sum(a < 0 for a in self.diagonal)

    @cached_property
    def negative_count(self) -> int:
        """Number of eigenvalues in (-inf, 0), with algebraic multiplicity."""
        if self.descartes_bound == 0:
            return 0
        return sum(multiplicity * _negative_roots(factor) for factor, multiplicity in self.factors)

    @cached_property
    def avoids_nonpositive(self) -> bool:
        """Whether no eigenvalue lies in (-inf, 0]."""
        return self.is_invertible and self.negative_count == 0

    @cached_property
    def negative_eigenvalues(self) -> tuple[NegativeEigenvalue, ...]:
        """The distinct negative eigenvalues with their Jordan blocks."""
        found = []
        for factor, multiplicity in self.factors if self.negative_count else []:
            if not _negative_roots(factor):
                continue
            blocks = block_sizes(QQ, self.matrix, factor, multiplicity)
            for interval in isolate_real_roots(factor, None, fmpq(0)):
                found.append(NegativeEigenvalue(factor, interval, blocks))
        return tuple(found)

    @cached_property
    def is_diagonalisable(self) -> bool:
        """Whether M is diagonalisable over the complex numbers."""
        return is_diagonalisable(QQ, self.matrix, self.characteristic_polynomial)

    @cached_property
    def jordan_blocks(self) -> tuple[tuple[fmpq_poly, tuple[int, ...]], ...]:
        """For each irreducible factor of chi, the sizes of the Jordan blocks of each of its roots."""
        return tuple((f, block_sizes(QQ, self.matrix, f, e)) for f, e in self.factors)

    @cached_property
    def unit_circle(self) -> UnitCircle:
        """Number of eigenvalues inside, on and outside the unit circle, exactly."""
        inside = on = outside = 0
        for factor, multiplicity in self.factors:
            counts = roots_by_circle(factor)
            inside += multiplicity * counts[0]
            on += multiplicity * counts[1]
            outside += multiplicity * counts[2]
        return UnitCircle(inside, on, outside)


def spectrum(region: Region) -> Spectrum | SymbolicSpectrum:
    """Return the spectral facts of a region's matrix M; for a network with letters as formulas in them.

    >>> from symplrnn.network.network import PLRNN
    >>> facts = spectrum(PLRNN([1, "1/2"], [[0, 1], [-1, 0]], [0, 0]).region("10"))
    >>> facts.unit_multiplicity, facts.negative_count, facts.unit_circle.stability
    (1, 0, 'some on')

    Reference: THEORY section 5 and G1.
    """
    require_kind(region, Region, "spectrum", 'a region such as net.region("10")')
    network, par = region.network, region.network.exact
    if not network.is_rational:
        from symplrnn.eigenvalues.symbolic_spectrum import symbolic_spectrum

        return symbolic_spectrum(region)
    if not network.is_plrnn:
        return Spectrum(region, (), region.affine.M)
    on = [i for i, d in enumerate(region.pattern) if d == "1"]
    off = [i for i, d in enumerate(region.pattern) if d == "0"]
    core = [par.W[i, j] + par.A[i, j] for i in on for j in on]
    return Spectrum(region, tuple(par.A[j, j] for j in off), fmpq_mat(len(on), len(on), core))


def _negative_roots(irreducible: fmpq_poly) -> int:
    """Return the number of negative roots of an irreducible polynomial: by Descartes' rule where it decides, else by Sturm."""
    variations = sign_variations_negative(irreducible)
    if variations <= 1 or irreducible[0] == 0:
        return variations
    return count_real_roots(irreducible, None, fmpq(0))


def roots_by_circle(irreducible: fmpq_poly) -> tuple[int, int, int]:
    """Return how many roots lie inside, on and outside the unit circle."""
    degree, on = irreducible.degree(), roots_on_unit_circle(irreducible)
    if is_self_reciprocal(irreducible):  # the others come in pairs x, 1/x
        return (degree - on) // 2, on, (degree - on) // 2
    if on:
        return 0, on, 0
    return refine(lambda bits: _count_inside(irreducible, bits), 64, "the modulus of an eigenvalue")


def _count_inside(irreducible: fmpq_poly, bits: int) -> tuple[int, int, int] | None:
    """Count roots by certified enclosures, for a polynomial with no root on the circle; None if the precision is too low."""
    roots = root_enclosures(irreducible, bits)
    with working_precision(bits):
        sizes = [power(root.real, 2) + power(root.imag, 2) for root in roots]
        inside, outside = sum(bool(s < 1) for s in sizes), sum(bool(s > 1) for s in sizes)
    return (inside, 0, outside) if inside + outside == len(sizes) else None
