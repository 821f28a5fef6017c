"""The other real ODEs of a region: aliases, which turn faster and agree at every grid time.

For a pair of eigenvalues l, conj(l) of the augmented map M^, Im l > 0, with spectral projectors E(l), E(conj l), the matrix
R = i (E(l) - E(conj l)) is real, commutes with M^ and satisfies R^2 = -(E(l) + E(conj l)). So exp(2 pi k R) = I for an integer k,
and

    X_k^ = X^ + (2 pi / dt) sum_j k_j R_j

has the same time-dt map as X^: the frequency arg(l_j)/dt of pair j becomes (arg(l_j) + 2 pi k_j)/dt. With
E(l) = sum_m l^m H_m / d(l) as in formula (3),

    R = -2 q H_1  for the roots a +- i q of a factor of degree 2,    sum_j k_j R_j = sum_m H_m sum_{f(l)=0} i k(l) l^m / d(l)

beyond, with k(l) = k_j at l_j, -k_j at conj(l_j) and 0 at real roots: a sum over all roots, so it stays exact. With letters only
pairs of factors of degree 2 can be turned, case by case: `CasePair`.

Pairs of equal Jordan chains of a real eigenvalue add rotation planes of their own (`symplrnn.systems.planes`): (2 pi k/dt) K.

Reference: docs/theory, section 3, E4; proofs/uniqueness.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import index
from typing import Any

import sympy as sp
from flint import acb_poly, arb, arb_mat, fmpq

from symplrnn import views
from symplrnn.eigenvalues.parts import coefficients_of
from symplrnn.errors import EntryError, ShapeError, SymplrnnError
from symplrnn.exact.balls import refine, working_precision
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.exact.roots import ball_coefficients
from symplrnn.logarithm.closed_form import SpectralTerm
from symplrnn.logarithm.digits import Digits, as_digits
from symplrnn.logarithm.enclosure import certified_digits
from symplrnn.logarithm.expressions import polynomial_in, root_symbol
from symplrnn.logarithm.linear_forms import Roots
from symplrnn.logarithm.named_form import NamedMatrix, combined
from symplrnn.logarithm.root_sum import root_sum
from symplrnn.logarithm.verification import projectors_verified
from symplrnn.network.augmented import Blocks
from symplrnn.network.region import Region
from symplrnn.systems.case_ode import CaseODE
from symplrnn.systems.frequencies import ComplexPair, complex_pairs
from symplrnn.systems.planes import RotationPlane, rotation_planes
from symplrnn.systems.region_ode import RegionODE

__all__ = ["AliasODE", "alias"]

ROOT_BITS = 256  # at which rectangles around roots are told apart, as when they were made


@dataclass(frozen=True, eq=False, repr=False)
class AliasODE(Blocks, views.Shown):
    """Another real ODE  dz/dt = X z + y + Y s  with the same time-dt map as the one that `derive` gives; made by `alias`.

    Attributes
    ----------
    principal : RegionODE or CaseODE
        The ODE that `derive` gives, or a case of it.
    k : tuple of int
        For each complex pair, in the order of `complex_pairs`, and then for each of the `rotation_planes`, by how many times 2
        pi/dt its frequency is raised.
    pairs : tuple of ComplexPair, or of CasePair
    planes : tuple of RotationPlane

    Examples
    --------
    >>> import symplrnn as sr
    >>> turn = sr.derive(sr.ReLURNN([[0, -1], [1, 0]], [[], []], [0, 0], V=[]), dt=1)[""]
    >>> turn.aliases(1).matrix
    Matrix([
    [     0, -5*pi/2],
    [5*pi/2,       0]])

    Reference: docs/theory, section 3, E4.
    """

    principal: RegionODE | CaseODE
    k: tuple[int, ...]
    pairs: Sequence[Pair] = field(repr=False)
    planes: tuple[RotationPlane, ...] = field(default=(), repr=False)

    @property
    def region(self) -> Region:
        """The region."""
        return self.principal.region

    @property
    def dt(self) -> sp.Rational:
        """The time that one step of the network stands for."""
        return self.principal.dt

    @property
    def n(self) -> int:
        """Number of states."""
        return self.principal.n

    @cached_property
    def active(self) -> tuple[tuple[SpectralTerm, Own], ...]:
        """The spectral terms with a pair that is raised, each with all its pairs and their integers."""
        found = []
        for term in self.principal.logarithm.terms:
            own = tuple((pair, k) for pair, k in zip(self.pairs, self.k, strict=False) if pair.term is term)
            if any(k for _, k in own):
                found.append((term, own))
        return tuple(found)

    @cached_property
    def active_planes(self) -> tuple[tuple[RotationPlane, int], ...]:
        """The rotation planes that are turned further, each with its integer."""
        return tuple((plane, k) for plane, k in zip(self.planes, self.k[len(self.pairs) :], strict=True) if k)

    @cached_property
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """X_k^ = [[X, y, Y], [0, 0, 0]] as a SymPy matrix of size n + 1 + m."""
        base, K = self.principal.augmented, self.principal.logarithm.field
        added = [(2 * sp.pi / self.dt * w, H) for term, own in self.active for w, H in _weights(term, own)]
        whole = sp.ImmutableDenseMatrix(
            *base.shape, lambda i, j: sp.Add(base[i, j], combined(K, [(w, H[i, j]) for w, H in added if not K.is_zero(H[i, j])]))
        )
        return sum((plane.matrix * (2 * sp.pi * k / self.dt) for plane, k in self.active_planes), whole)

    @property
    def frequencies(self) -> tuple[sp.Expr, ...]:
        """(arg(l_j) + 2 pi k_j)/dt for each pair and plane, in radians per unit of time; negative if it turns the other way."""
        principal = [pair.frequency for pair in self.pairs] + [plane.frequency for plane in self.planes]
        return tuple(frequency + 2 * sp.pi * k / self.dt for frequency, k in zip(principal, self.k, strict=True))

    def enclosure(self, bits: int) -> arb_mat:
        """Return a ball matrix that contains X_k^, computed with this many bits."""
        principal = self.principal.require_numbers("enclosure")
        total, real = principal.enclosure(bits), real_field(principal.logarithm.field)
        with working_precision(bits):
            scale = 2 * arb.pi() / principal.step_ball()
            for term, own in self.active:
                for w, H in zip(_weight_enclosures(term, own, bits), term.matrices, strict=True):
                    total += real.balls(H) * (w * scale)
            for plane, k in self.active_planes:
                total += plane.enclosure(bits) * (scale * k)
        return total

    def digits(self, digits: int) -> Digits:
        """Return X, y and Y to so many significant decimal digits, each certified by ball arithmetic.

        An entry that can neither be separated from 0 nor be proved rational is an `EnclosedNumber`.
        """
        principal, digits = self.principal.require_numbers("digits"), positive_integer(digits, "digits")
        log, n, step = principal.real_logarithm, self.n, principal.step

        def decide(places: list[tuple[int, int]]) -> dict[tuple[int, int], fmpq]:
            planes = [(plane.turn, 2 * k) for plane, k in self.active_planes]
            return {place: value / step for place, value in log.proved_entries(places, self._turns, planes).items()}

        same = {place: value / step for place, value in log.exact_entries.items() if not self._adds_to(*place)}
        exact = same | {(i, j): fmpq(0) for i in range(n, log.size) for j in range(log.size)}
        what = f"region {self.region.pattern}, alias {self.k}"
        return as_digits(certified_digits(self.enclosure, exact, digits, what, decide), n)

    def _adds_to(self, i: int, j: int) -> bool:
        """Return whether a term of the difference to the principal ODE is seen in an entry; they may cancel each other."""
        raised = any(term.entry(i, j) for term, _ in self.active)
        return raised or any(plane.numerator.entry(i, j) for plane, _ in self.active_planes)

    def _turns(self, roots: Roots) -> tuple[int, ...]:
        """Return by how much the roots of a factor above the real axis are raised."""
        own = [
            (pair, k)
            for pair, k in zip(self.pairs, self.k, strict=False)
            if isinstance(pair, ComplexPair) and pair.factor == roots.factor
        ]

        def attempt(bits: int) -> tuple[int, ...] | None:
            balls = roots.balls(bits)[roots.real : roots.real + roots.above]
            found = [k for ball in balls for pair, k in own if pair.surely_contains(ball)]
            return tuple(found) if len(found) == roots.above else None

        return refine(attempt, ROOT_BITS, f"which roots of {roots.factor} are in rectangles")

    @cached_property
    def verified(self) -> bool:
        """Whether the rational identities hold that make the time-dt map the same; see `projectors_verified`, `RotationPlane`.

        With letters they hold as identities in the parameters, or because of the equations in the condition of the case; False
        if that is not seen by dividing by these.
        """
        planes = [plane for plane, _ in self.active_planes]
        apart = all(
            (K.numerator * L.numerator).is_zero
            for K in planes
            for L in planes
            if K is not L and (K.factor, K.turn.index) == (L.factor, L.turn.index)
        )
        projectors = projectors_verified(self.principal.logarithm, [term for term, _ in self.active], self.principal.vanishes)
        return projectors and apart and all(plane.verified for plane in planes)


@dataclass(frozen=True)
class CasePair:
    """A pair of complex roots of a factor x^2 - t x + d of a case, with t and t^2 - 4 d in the letters."""

    term: SpectralTerm = field(repr=False)
    trace: sp.Expr
    discriminant: sp.Expr
    dt: sp.Expr

    @property
    def imaginary_part(self) -> tuple[sp.Expr, Any]:
        """q and H with the imaginary part q H of the projector E(l)."""
        return sp.sqrt(-self.discriminant) / 2, self.term.matrices[1]

    @property
    def frequency(self) -> sp.Expr:
        """arg(l)/dt, in radians per unit of time."""
        return sp.atan2(sp.sqrt(-self.discriminant), self.trace) / self.dt


Pair = ComplexPair | CasePair
Own = tuple[tuple[Any, int], ...]  # pairs of one kind with their integers


def _weights(term: SpectralTerm, own: Own) -> list[tuple[sp.Expr, Any]]:
    """Return pairs w_m, H_m with sum_j k_j R_j = sum_m w_m H_m as real SymPy expressions."""
    if term.degree == 2:
        q, H = own[0][0].imaginary_part
        return [(-2 * own[0][1] * q, H)]
    x, K = root_symbol, term.field
    polynomial, denominator = polynomial_in(K, term.factor, x), polynomial_in(K, term.denominator, x).as_expr()
    number = _branch(own)
    return [(root_sum(polynomial, sp.I * number * x**m / denominator), H) for m, H in enumerate(term.matrices)]


def _branch(own: Own) -> sp.Expr:
    """Return k(l) as an expression in the root symbol: k_j at l_j, -k_j at conj(l_j), 0 at real roots."""
    x = root_symbol
    if len({k for _, k in own}) == 1:
        return own[0][1] * sp.sign(sp.im(x))
    mirrored = {sp.im(x): sp.Abs(sp.im(x))}
    cases = [(sp.Integer(k), pair.condition.xreplace(mirrored)) for pair, k in own if k]
    return sp.sign(sp.im(x)) * sp.Piecewise(*cases, (0, True))


def _weight_enclosures(term: SpectralTerm, own: Own, bits: int) -> list[arb]:
    """Return enclosures of the weights w_m = sum_{f(l)=0} i k(l) l^m/d(l), m < deg f: each pair adds -2 k Im(l^m/d(l))."""
    sums, denominator = [arb(0)] * term.degree, acb_poly(ball_coefficients(term.real, term.denominator))
    for pair, k in own:
        root = pair.eigenvalue(bits)
        value = 1 / denominator(root)
        for m in range(term.degree):
            sums[m] -= 2 * k * value.imag
            value *= root
    return sums


def alias(ode: RegionODE | CaseODE, k: int | Sequence[int]) -> AliasODE:
    """Return the real ODE of a region that turns k times more per step than the one that `derive` gives.

    Parameters
    ----------
    ode : RegionODE or CaseODE
    k : int or sequence of int
        One integer for all complex pairs and rotation planes, or one for each pair in the order of `complex_pairs` and each
        plane in that of `rotation_planes`; of a case, one for each pair of a quadratic factor in the order of the terms. The
        frequency of pair j, for the eigenvalue with positive imaginary part, becomes (arg(l_j) + 2 pi k_j)/dt; k = 0 is the ODE
        that `derive` gives.

    Returns
    -------
    AliasODE
        Its time-dt map is that of the ODE that `derive` gives: the identities of `projectors_verified` and `RotationPlane` are
        checked here.

    Raises
    ------
    ShapeError
        If k is no integer and not one integer for each pair and plane, or if nothing in the region can turn: it has no real
        ODE, or just one (E4).
    EntryError
        If a case has no real ODE, or no complex pair of a quadratic factor: complex roots of factors of degree 3 and more have no
        names in a closed form with letters, so that they cannot be turned one by one.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import ReLURNN
    >>> ode = derive(ReLURNN([[0, -1], [1, 0]], [[], []], [1, 0], V=[]), dt=1)[""]
    >>> alias(ode, 1).matrix, alias(ode, -1).frequencies
    (Matrix([
    [     0, -5*pi/2],
    [5*pi/2,       0]]), (-3*pi/2,))
    >>> alias(ode, [1, 2])
    Traceback (most recent call last):
    ...
    symplrnn.errors.ShapeError: k: expected one integer, or 1 for the complex pairs and rotation planes of region (no ...

    Reference: docs/theory, section 3, E4; proofs/uniqueness.md, Proposition 6.
    """
    planes: tuple[RotationPlane, ...] = ()
    pairs: Sequence[Pair] = _case_pairs(ode) if isinstance(ode, CaseODE) else complex_pairs(ode)
    name = f"region {ode.region.pattern or '(no units)'}"
    if isinstance(ode, CaseODE):
        what = f"the complex pairs of the case where {ode.condition}"
    else:
        planes = rotation_planes(ode)
        what = f"the complex pairs and rotation planes of {name}"
        if ode.kind != "real":
            raise ShapeError(f"k: {name} is {ode.kind}; accepted are regions with a real ODE")
        if not pairs and not planes:
            raise ShapeError(f"k: {name} has neither complex nor repeated eigenvalues that can turn, so there is no alias")
    count = len(pairs) + len(planes)
    expected = f"k: expected one integer, or {count} for {what}"
    try:
        numbers = tuple(map(index, k)) if isinstance(k, Iterable) else (index(k),) * count
    except TypeError:
        raise ShapeError(f"{expected}, got {k!r}") from None
    if len(numbers) != count:
        raise ShapeError(f"{expected}, got {len(numbers)}")
    found = AliasODE(ode, numbers, pairs, planes)
    if isinstance(ode, RegionODE) and not found.verified:
        raise SymplrnnError(f"{name}: the spectral projectors of the closed form do not satisfy their identities")
    return found


views.aliases.register(RegionODE, alias)
views.aliases.register(CaseODE, alias)


def _case_pairs(case: CaseODE) -> tuple[CasePair, ...]:
    """Return the complex pairs of the quadratic factors of a case; raise `EntryError` if there are none."""
    where = f"the case of region {case.region.pattern or '(no units)'} where {case.condition}"
    if case.kind != "real":
        raise EntryError(f"k: {where} is {case.kind}; accepted are cases with a real ODE")
    terms, definitions = case.logarithm.terms, case.named.definitions
    found = tuple(
        _case_pair(term, definitions, case.dt) for place, term in enumerate(terms) if not case.case.real_roots.get(place, True)
    )
    large = [term.degree for term in terms if term.degree > 2]
    if large and not found:
        raise EntryError(
            f"k: {where} has a factor of degree {large[0]}, and its complex pairs, if any, have no names with letters and "
            "cannot be turned one by one; accepted are quadratic factors, or numbers for the letters, by ode.subs"
        )
    if not found:
        raise EntryError(f"k: {where} has no complex pair of eigenvalues, so there is no alias")
    return found


def _case_pair(term: SpectralTerm, definitions: Sequence[tuple[sp.Symbol, sp.Expr]], dt: sp.Expr) -> CasePair:
    """Return the pair of a quadratic factor in the letters: they are defined as -f_1, f_0, t^2 - 4 d."""
    c = coefficients_of(term.field, term.factor)
    triples = zip(definitions, definitions[1:], definitions[2:], strict=False)
    names = next([t, D] for (t, trace), (_, d), (D, _) in triples if (trace, d) == (-c[1], c[0]))
    trace, discriminant = NamedMatrix(sp.ImmutableDenseMatrix(names), tuple(definitions)).expanded()
    return CasePair(term, trace, discriminant, dt)
