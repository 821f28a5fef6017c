"""The eigenvalues of a region in discrete and in continuous time, certified, as time constants and frequencies.

An eigenvalue l of M is log(l)/dt in the principal ODE: it decays by 1/e in the time -dt/log|l| and turns arg(l)/(2 pi dt) times
per unit of time. A negative l turns by half a turn a step, in a plane of its own or with another one (E3, E5); 0 has no logarithm
and dies in the jump (E6).

Reference: docs/theory, section 2 and E2 to E6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from flint import acb, arb, arb_mat, fmpq

from symplrnn.eigenvalues.base import Spectrum
from symplrnn.errors import EntryError
from symplrnn.exact.balls import refine, working_precision
from symplrnn.exact.fields.real import real_field
from symplrnn.exact.number_roots import roots_over
from symplrnn.exact.reading.exponentials import spelled
from symplrnn.exact.reading.numbers import positive_integer
from symplrnn.exact.roots import enclosed_roots_over
from symplrnn.exact.writing import text_of
from symplrnn.logarithm.digits import step_ball
from symplrnn.logarithm.elementary import log_of
from symplrnn.logarithm.enclosure import certified_digits

__all__ = ["Eigenvalue", "eigenvalues_of"]

ORDER_BITS = 256


@dataclass(frozen=True, eq=False)
class Eigenvalue:
    """An eigenvalue l of a region's map M, and log(l)/dt of its principal ODE.

    Attributes
    ----------
    factor : monic polynomial over the field of M, irreducible
        l is one of its roots.
    multiplicity : int
        Algebraic multiplicity.
    dt : SymPy expression
    upper : bool
        Of the two roots of a quadratic factor, whether it is the one with the larger imaginary part, or the larger real one.

    Examples
    --------
    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network.network import ReLURNN
    >>> first, second = derive(ReLURNN([[0, -1], [1, 1]], [[], []], [0, 0], V=[]), dt="1/10")[""].eigenvalues
    >>> first.exact, first.rate, first.digits(8), first.rate_digits(8)
    (1/2 + sqrt(3)*I/2, 10*I*pi/3, '0.5 + 0.86602540i', '0 + 10.471976i')
    >>> first.time_constant, first.frequency
    (oo, 5/3)
    """

    spectrum: Spectrum
    factor: Any
    multiplicity: int
    dt: sp.Expr
    upper: bool = True
    near: acb | None = None

    def __repr__(self) -> str:
        return f"Eigenvalue({self.exact if self.exact is not None else self.digits(6)}, multiplicity={self.multiplicity})"

    @property
    def degree(self) -> int:
        """The degree of the factor."""
        return int(self.factor.degree())

    @cached_property
    def exact(self) -> sp.Expr | None:
        """l as a SymPy expression if its factor has degree 1 or 2, else None."""
        K, f = self.spectrum.field, self.factor
        if self.degree == 1:
            return spelled(K.to_sympy(-f[0]))
        if self.degree > 2:
            return None
        half = spelled(K.to_sympy(-f[1])) / 2
        root = sp.sqrt(sp.expand(half**2 - spelled(K.to_sympy(f[0]))))
        return half + (root if self.upper else -root)

    @property
    def rate(self) -> sp.Expr | None:
        """log(l)/dt, principal, as a SymPy expression; None if ``exact`` is, or l = 0."""
        if self.exact is None or self.exact == 0:
            return None
        if self.exact.is_real is False and not self.exact.free_symbols:
            re, im = self._parts
            modulus = sp.expand(re**2 + im**2)
            return (sp.log(modulus) / 2 + sp.I * sp.atan2(im, re)) / self.dt
        return log_of(self.exact) / self.dt

    @property
    def time_constant(self) -> sp.Expr | None:
        """-dt/log|l|, in which a deviation shrinks to 1/e; None as ``rate``.

        It is infinite for |l| = 1, negative for growth, and 0 for l = 0.
        """
        if self.exact == 0:
            return sp.Integer(0)
        if self.rate is None:
            return None
        real = sp.re(self.rate)
        return sp.oo if real == 0 else -1 / real

    @property
    def frequency(self) -> sp.Expr | None:
        """arg(l)/(2 pi dt), in turns per unit of time, between -1/(2 dt) and 1/(2 dt); None as ``rate``."""
        return None if self.rate is None else sp.im(self.rate) / (2 * sp.pi)

    @cached_property
    def on_unit_circle(self) -> bool:
        """Whether |l| = 1, decided exactly: by a ball, or by how many roots of the factor are on the circle.

        >>> from symplrnn.derivation import derive
        >>> from symplrnn.network.network import ReLURNN
        >>> salem = [[1, 1, 1, -1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]  # l^4 - l^3 - l^2 - l + 1
        >>> [e.on_unit_circle for e in derive(ReLURNN(salem, [[]] * 4, [0] * 4, V=[]), dt=1)[""].eigenvalues]
        [False, True, True, False]

        Raises `EntryError` if the network has parameters in M.
        """
        near, real = self._near, real_field(self.spectrum.field)
        with working_precision(ORDER_BITS):
            if not abs(near).overlaps(arb(1)):
                return False
        counted = roots_over(self.spectrum.field, self.factor)
        count = 0 if counted is None else counted.by_circle()[1]
        if count in (0, self.degree):
            return count > 0

        def attempt(working: int) -> bool | None:
            found = enclosed_roots_over(real, self.factor, working)
            with working_precision(working):
                close = [abs(x).overlaps(arb(1)) for x in found]
            mine = [touches for x, touches in zip(found, close, strict=True) if x.overlaps(near)]
            return mine[0] if sum(close) == count and len(mine) == 1 else None

        return refine(attempt, ORDER_BITS, f"which roots of {self.factor} are on the unit circle")

    @property
    def _near(self) -> acb:
        if self.near is None:
            raise EntryError("enclosure: the eigenvalue depends on parameters; give them values first, by ode.subs")
        return self.near

    def enclosure(self, bits: int) -> acb:
        """Return a ball that contains l, computed with this many bits; that of a real l has the imaginary part 0.

        Raises `EntryError` if the network has parameters in M.
        """
        near, real = self._near, real_field(self.spectrum.field)
        if positive_integer(bits, "bits") <= ORDER_BITS:
            return near

        def attempt(working: int) -> acb | None:
            found = [x for x in enclosed_roots_over(real, self.factor, working) if x.overlaps(near)]
            return found[0] if len(found) == 1 else None

        return refine(attempt, bits, f"which root of {self.factor} it is")

    def rate_enclosure(self, bits: int) -> acb:
        """Return a ball that contains log(l)/dt; raise `EntryError` for l = 0 or a dt with parameters."""
        if self.is_zero:
            raise EntryError("rate: 0 has no logarithm; it dies in the jump of an impulsive system")
        root = self.enclosure(bits)
        with working_precision(bits):
            step = step_ball(self.dt)
            if root.imag != 0:
                log = root.log()
            elif root.real < 0:
                log = acb((-root.real).log(), arb.pi())
            else:
                log = acb(root.real.log())
            if self.on_unit_circle:
                log = acb(0, log.imag)
            return log / step

    def digits(self, digits: int) -> str:
        """Return l to so many certified significant digits in the real and in the imaginary part."""
        exact = dict(zip("ri", map(_rational, self._parts), strict=True)) if self._is_explicit else {}
        return _complex_text(self.enclosure, exact, digits, "an eigenvalue")

    def rate_digits(self, digits: int) -> str:
        """Return log(l)/dt to so many certified significant digits in the real and in the imaginary part."""
        exact: dict[str, fmpq | None] = {"r": fmpq(0)} if self.on_unit_circle else {}
        return _complex_text(self.rate_enclosure, exact, digits, "a rate")

    def time_constant_digits(self, digits: int) -> str:
        """Return `time_constant` to so many certified significant digits, in the unit of dt; "inf" for |l| = 1, "0" for l = 0."""
        if self.is_zero:
            return "0"
        if self.on_unit_circle:
            return "inf"
        return _real_text(lambda bits: -1 / self.rate_enclosure(bits).real, None, digits, "a time constant")

    def frequency_digits(self, digits: int) -> str:
        """Return `frequency` to so many certified significant digits, in turns per unit of dt; "" for l = 0."""
        if self.is_zero:
            return ""
        exact = _rational(self.frequency) if self._is_explicit and self.frequency is not None else None
        if exact is None and self.enclosure(ORDER_BITS).imag == 0 and self.enclosure(ORDER_BITS).real > 0:
            exact = fmpq(0)
        return _real_text(lambda bits: self.rate_enclosure(bits).imag / (2 * arb.pi()), exact, digits, "a frequency")

    def value_to_dict(self, digits: int = 17) -> dict[str, Any]:
        """Return l and its multiplicity, ready for JSON; see `to_dict`."""
        exact = None if self.exact is None else text_of(self.exact)
        return {"exact": exact, "value": None if self.near is None else self.digits(digits), "multiplicity": self.multiplicity}

    def to_dict(self, digits: int = 17) -> dict[str, Any]:
        """Return a JSON-ready dict: exact expressions as text where the factor has degree 1 or 2, and certified digits.

        Digits are null for a network with parameters in M; what depends on dt is null, too, if dt has parameters.
        """
        timed = self.near is not None and not self.dt.free_symbols
        return {
            **self.value_to_dict(digits),
            "rate": self.rate_digits(digits) if timed and not self.is_zero else None,
            "time_constant": self.time_constant_digits(digits) if timed else None,
            "frequency": self.frequency_digits(digits) or None if timed else None,
        }

    @property
    def is_zero(self) -> bool:
        """Whether l = 0."""
        return self.degree == 1 and self.spectrum.field.is_zero(self.factor[0])

    @property
    def _parts(self) -> tuple[sp.Expr, sp.Expr]:
        """Real and imaginary part of ``exact``."""
        re, im = (sp.Integer(0), sp.Integer(0)) if self.exact is None else self.exact.as_real_imag()
        return re, im

    @property
    def _is_explicit(self) -> bool:
        return self.exact is not None and not self.exact.free_symbols


def _rational(value: sp.Expr) -> fmpq | None:
    return fmpq(int(value.p), int(value.q)) if value.is_Rational else None


def _complex_text(enclose: Any, exact: dict[str, fmpq | None], digits: int, what: str) -> str:
    """Return a complex number as text; a real one has no imaginary part."""
    first = enclose(ORDER_BITS)
    known = {(0, k): fmpq(0) for k, part in enumerate((first.real, first.imag)) if part.is_zero()}
    known |= {(0, k): value for k, key in enumerate("ri") if (value := exact.get(key)) is not None}
    [[re, im]] = certified_digits(
        lambda bits: arb_mat(1, 2, [(z := enclose(bits)).real, z.imag]), known, positive_integer(digits, "digits"), what
    )
    if im == "0":
        return re
    return f"{re} - {im[1:]}i" if im.startswith("-") else f"{re} + {im}i"


def _real_text(enclose: Callable[[int], arb], exact: fmpq | None, digits: int, what: str) -> str:
    """Return a real number as text."""

    def balls(bits: int) -> arb_mat:
        with working_precision(bits):
            return arb_mat(1, 1, [enclose(bits)])

    known = {} if exact is None else {(0, 0): exact}
    [[text]] = certified_digits(balls, known, positive_integer(digits, "digits"), what)
    return text


def _is_above(x: acb, y: acb) -> bool:
    """Return whether one of two roots, in disjoint balls, has the larger imaginary part, or is real and the larger one."""
    return bool(x.imag > y.imag or (x.imag == 0 and y.imag == 0 and x.real > y.real))


def eigenvalues_of(spectrum: Spectrum, dt: sp.Expr, with_letters: bool) -> tuple[Eigenvalue, ...]:
    """Return the distinct eigenvalues, the largest in absolute value first, and of a pair that above the real axis first.

    With parameters in M they stand in the order of the factors; those of factors of degree 3 and more stand for all their roots.
    """
    if with_letters:
        return tuple(
            Eigenvalue(spectrum, f, m, dt, upper)
            for f, m in spectrum.factors
            for upper in ((True, False) if f.degree() == 2 else (True,))
        )
    real = real_field(spectrum.field)
    found: list[Any] = []
    for f, m in spectrum.factors:
        roots = enclosed_roots_over(real, f, ORDER_BITS)
        for root in roots:
            upper = not any(_is_above(other, root) for other in roots)
            each = Eigenvalue(spectrum, f, m, dt, upper, root)
            size, height, right = (float(x.mid()) for x in (abs(root), root.imag, root.real))  # for the order in the list alone
            found.append((-size, -height, -right, len(found), each))
    return tuple(each for *_, each in sorted(found, key=lambda entry: entry[:-1]))
