"""The frequencies of a region's real ODE: one for each pair of complex eigenvalues of its map, below the Nyquist frequency.

A pair l, conj(l) of eigenvalues of M, Im l > 0, turns by arg(l) in one step, so the principal ODE has the frequency arg(l)/dt. It
lies between 0 and pi/dt, the Nyquist frequency; the states at grid times do not tell it from arg(l)/dt + 2 pi k/dt.

A pair is singled out by a rectangle with rational ends around l, found with certified root enclosures.

Reference: docs/theory, section 3, E4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

from symplrnn import views
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.errors import require_kind
from symplrnn.exact.balls import certified_decimal, endpoints, refine, working_precision
from symplrnn.exact.reading.numbers import positive_integer, to_sympy
from symplrnn.logarithm.closed_form import SpectralTerm
from symplrnn.logarithm.digits import step_ball
from symplrnn.logarithm.elementary import argument, imaginary_part
from symplrnn.logarithm.expressions import polynomial_in, root_symbol
from symplrnn.logarithm.root_sum import root_sum
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.e4 import check_e4, how_many

__all__ = ["ComplexPair", "complex_pairs", "nyquist", "uniqueness"]

ORDER_BITS = 256
GUARD_BITS = 64

SHOWN_DIGITS = 6
WHY_UNCOUNTABLE = {
    "complex_blocks_single": "a complex eigenvalue has several Jordan blocks",
    "no_negative_eigenvalue": "the planes in which negative eigenvalues turn can be chosen freely",
    "positive_blocks_distinct": "a positive eigenvalue has Jordan blocks of one size, which may turn in planes chosen freely",
}

Rectangle = tuple[fmpq, fmpq, fmpq, fmpq]


@dataclass(frozen=True, repr=False)
class ComplexPair(views.Shown):
    """A pair of complex eigenvalues l, conj(l) of a region's map, with its frequency in the principal ODE.

    Attributes
    ----------
    term : SpectralTerm
        The factor f of the characteristic polynomial that has the root l, irreducible over the network's field.
    box : four rationals (re_lower, re_upper, im_lower, im_upper)
        An open rectangle in the upper half plane that contains l and no other root of f.
    dt : SymPy expression

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import ReLURNN
    >>> ode = derive(ReLURNN([[0, -1], [1, 0]], [[], []], [0, 0], V=[]), dt=1)[""]
    >>> pair, = complex_pairs(ode)
    >>> pair.frequency, pair.digits(10), nyquist(ode)
    (pi/2, '1.570796327', pi)

    Reference: docs/theory, section 3, E4.
    """

    term: SpectralTerm = field(repr=False)
    box: Rectangle
    dt: sp.Expr

    @property
    def factor(self) -> Any:
        """f."""
        return self.term.factor

    @property
    def imaginary_part(self) -> tuple[sp.Expr, Any]:
        """q and H with the imaginary part q H of the projector E(l), for a factor of degree 2."""
        return imaginary_part(self.term)

    @property
    def frequency(self) -> sp.Expr:
        """arg(l)/dt as a SymPy expression, in radians per unit of time, between 0 and the Nyquist frequency pi/dt."""
        if self.term.degree == 2:
            return argument(self.term) / self.dt
        x = root_symbol
        return (
            root_sum(polynomial_in(self.term.field, self.factor, x), sp.Piecewise((sp.arg(x), self.condition), (0, True)))
            / self.dt
        )

    @property
    def condition(self) -> sp.Basic:
        """Inequalities in the root symbol that single out l among the roots of f."""
        re, im = sp.re(root_symbol), sp.im(root_symbol)
        left, right, low, high = map(to_sympy, self.box)
        return sp.And(re > left, re < right, im > low, im < high)

    def eigenvalue(self, bits: int) -> acb:
        """Return a ball that contains l, the eigenvalue with positive imaginary part."""

        def attempt(working: int) -> acb | None:
            return next((root for root in self.term.roots(working) if self.surely_contains(root)), None)

        return refine(attempt, positive_integer(bits, "bits"), f"which root of {self.factor} is in a rectangle")

    def surely_contains(self, root: acb) -> bool:
        """Return whether a ball lies inside the rectangle, by comparing rationals."""
        (a, b), (c, d), (left, right, low, high) = endpoints(root.real), endpoints(root.imag), self.box
        return bool(left < a and b < right and low < c and d < high)

    def enclosure(self, bits: int) -> arb:
        """Return a ball that contains the frequency arg(l)/dt, computed with this many bits."""
        root = self.eigenvalue(bits)
        with working_precision(bits):
            return root.arg() / step_ball(self.dt)

    def digits(self, digits: int) -> str:
        """Return the frequency to so many certified significant decimal digits."""
        digits = positive_integer(digits, "digits")
        what = f"the frequency of a pair of roots of {self.factor}"
        return refine(lambda bits: certified_decimal(self.enclosure(bits), digits), int(digits * 3.33) + GUARD_BITS, what)


def complex_pairs(ode: RegionODE) -> tuple[ComplexPair, ...]:
    """Return the pairs of complex eigenvalues of a region's map, by increasing frequency in the principal ODE.

    Each distinct pair is listed once, however often it is repeated. Pairs whose frequencies agree to 70 digits stand in an order
    that is always the same for the same network.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import ReLURNN
    >>> net = ReLURNN([[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, -1], [0, 0, 1, 1]], [[]] * 4, [0] * 4, V=[])
    >>> [pair.frequency for pair in complex_pairs(derive(net, dt="1/2")[""])]
    [pi/2, pi]
    """
    require_kind(ode, RegionODE, "complex_pairs", "the real ODE of a region of a network of numbers")
    with working_precision(ORDER_BITS):
        found = [
            (endpoints(root.arg().mid())[0], ComplexPair(term, box, ode.dt))
            for term in ode.logarithm.terms
            for root, box in _upper_roots(term)
        ]
    return tuple(pair for _, pair in sorted(found, key=lambda item: item[0]))


def nyquist(ode: RegionODE) -> sp.Expr:
    """Return the Nyquist frequency pi/dt, in radians per unit of time: the principal ODE is the one that stays below it.

    The eigenvalues of X of the principal ODE have imaginary parts in (-pi/dt, pi/dt); those of each alias have some beyond.

    >>> import symplrnn as sr
    >>> nyquist(sr.derive(sr.example("complex"))["11"])
    10*pi
    """
    require_kind(ode, RegionODE, "nyquist", 'the ODE of a region, such as derive(net)["11"]')
    return sp.pi / ode.dt


def uniqueness(ode: RegionODE) -> str:
    """Return how many real ODEs have the map of a region, in words: with the frequencies of aliases, or why there are more.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import ReLURNN
    >>> print(uniqueness(derive(ReLURNN([[0, -1], [1, 0]], [[], []], [0, 0], V=[]), dt=1)[""]))
    one of countably many real ODEs with this map: the frequency 1.57080 may be raised by 2 pi k/dt (aliases); here it is below
    the Nyquist frequency pi/dt = 3.14159 (E4)

    Reference: docs/theory, section 3, E4.
    """
    verdict = check_e4(spectrum(ode.region))
    count = how_many(verdict)
    if count == "none":
        return f"no real ODE of dimension {ode.n} has this map (E3)"
    if count == "one":
        return "the only real ODE with this map (E4)"
    if count == "uncountable":
        reasons = "; ".join(WHY_UNCOUNTABLE[h.name] for h in verdict.failed if h.name in WHY_UNCOUNTABLE)
        return f"one of uncountably many real ODEs with this map: {reasons} (E4)"
    pairs = complex_pairs(ode)
    if ode.dt.free_symbols:
        return "one of countably many real ODEs with this map: frequencies may be raised by 2 pi k/dt (aliases) (E4)"
    found = ", ".join(pair.digits(SHOWN_DIGITS) for pair in pairs)
    with working_precision(GUARD_BITS):
        limit = certified_decimal(arb.pi() / ode.step_ball(), SHOWN_DIGITS)
    which, here = ("frequencies", "they are") if len(pairs) > 1 else ("frequency", "it is")
    return (
        f"one of countably many real ODEs with this map: the {which} {found} may be raised by 2 pi k/dt (aliases); here {here} "
        f"below the Nyquist frequency pi/dt = {limit} (E4)"
    )


def _upper_roots(term: SpectralTerm) -> list[tuple[acb, Rectangle]]:
    """Return the roots of an irreducible polynomial in the upper half plane, each with a rectangle that isolates it."""
    if term.degree < 2:
        return []

    def attempt(bits: int) -> list[tuple[acb, Rectangle]] | None:
        roots = term.roots(bits)
        with working_precision(bits):
            boxes = [(root, _rectangle(root, roots)) for root in roots if root.imag > 0]
            for root, box in boxes:
                pair = ComplexPair(term, box, sp.Integer(1))
                if not pair.surely_contains(root) or any(_may_lie_in(box, other) for other in roots if other is not root):
                    return None
        return boxes

    return refine(attempt, ORDER_BITS, f"rectangles around the roots of {term.factor}")


def _rectangle(root: acb, roots: Iterable[acb]) -> Rectangle:
    """Return a square with short dyadic ends around a root, at most an eighth as wide as the distance to the next root."""
    nearest = min(endpoints(abs(root - other))[0] for other in roots if other is not root)
    half = fmpq(1)
    while half * 16 > nearest > 0:
        half /= 2
    ends: list[fmpq] = []
    for part in (root.real, root.imag):
        middle = fmpq((endpoints(part.mid())[0] / half * 2).floor()) * half / 2
        ends += [middle - half, middle + half]
    return ends[0], ends[1], ends[2], ends[3]


def _may_lie_in(box: Rectangle, root: acb) -> bool:
    (a, b), (c, d), (left, right, low, high) = endpoints(root.real), endpoints(root.imag), box
    return not (b < left or right < a or d < low or high < c)
