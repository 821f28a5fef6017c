"""How the corpus asks the package: the only place that knows the names of its classes for regions.

Whatever a region's system is made of, it comes back as a `System`, with numbers as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy as sp

import symplrnn as sr

DIGITS = 30
FLOW_DIGITS = 15
WORKING_DIGITS = 60  # for closed forms of letters at values
NOTHING = mpmath.mpf("1e-45")  # what a sum leaves that is 0

Rows = list[list[str]]


@dataclass(frozen=True)
class System:
    """The system of a region of numbers; X and flow are functions, so that one may fail without the other.

    Attributes
    ----------
    jump : SymPy matrix (n, n + 1 + m), or None
        [J j J_s], the image of (z, 1, s) at each grid time.
    X : function
        Rows of [X y Y], in the coordinates (z, u), to `DIGITS` digits.
    flow : function
        Rows of the states after a third of a step from (z, u = 0, 1, s), without the jump, to `FLOW_DIGITS` digits.
    """

    kind: str
    extra: int
    is_principal: bool
    jump: sp.MatrixBase | None
    X: Callable[[], Rows]
    flow: Callable[[], Rows]


def check(net: sr.ReLURNN, patterns: tuple[str, ...] | None) -> sr.CheckReport:
    """Return the report on chosen regions, or on all."""
    return sr.check(net) if patterns is None else sr.check(net, patterns)


def derive(net: sr.ReLURNN, dt: Any) -> sr.NetworkODE:
    return sr.derive(net, dt)


def system(ode: Any) -> System:
    """Return the system of a region of a network of numbers, rational or not."""
    # A region with irrational entries has its jump, and whether it is principal, in the case of no values.
    facts = ode if isinstance(ode, sr.RegionODE) else ode.case_at({})
    n, extra = ode.n, facts.extra

    def flow() -> Rows:
        found = ode.flow(ode.dt / 3).digits(FLOW_DIGITS)
        return _joined(found, n, n)

    return System(
        facts.kind, extra, facts.is_principal, _jump(facts), lambda: _joined(ode.digits(DIGITS), n + extra, n + extra), flow
    )


def system_at(ode: Any, values: Mapping[str, str]) -> System:
    """Return the system of a region with letters at values of all of them, as substitution finds it."""
    return system(ode.subs(values))


def case_at(ode: Any, values: Mapping[str, str]) -> System:
    """Return the system of a region with letters at values, from the closed form of the case that holds there."""
    case = ode.case_at(values)
    point = {symbol: sp.Rational(values[str(symbol)]) for symbol in ode.parameters}
    n, d = case.n, case.dimension

    def matrix() -> Rows:
        return _decimals(case.augmented[:d, :], point, DIGITS)

    def flow() -> Rows:
        whole = case.flow(case.dt / 3).augmented
        return _decimals(whole.extract(list(range(n)), [*range(n), *range(d, whole.cols)]), point, FLOW_DIGITS)

    jump = _jump(case)
    return System(case.kind, case.extra, case.is_principal, None if jump is None else jump.xreplace(point), matrix, flow)


def listed_kinds(ode: Any) -> list[str]:
    """Return the kinds of systems that the listed cases of a region with letters have."""
    return sorted({case.kind for case in _listed(ode)})


def lists_all(ode: Any) -> bool:
    """Return whether all cases of a region with letters are listed."""
    return not ode.unlisted and not ode.unlisted_beyond


def _listed(ode: Any) -> Iterator[Any]:
    yield from ode.cases
    yield from ode.beyond


def _jump(system: Any) -> sp.MatrixBase | None:
    jump = system.jump_map
    return None if jump is None else sp.Matrix.hstack(*map(sp.Matrix, (jump.matrix, jump.offset, jump.input_matrix)))


def _joined(digits: sr.Digits, rows: int, columns: int) -> Rows:
    """Return the first rows and columns of a matrix, its offset and its input matrix as rows."""
    parts = zip(digits.matrix, digits.offset, digits.input_matrix, strict=True)
    return [[*row[:columns], offset, *inputs] for row, offset, inputs in parts][:rows]


def _decimals(matrix: sp.MatrixBase, point: Mapping[sp.Symbol, sp.Rational], digits: int) -> Rows:
    """Return the entries at values as decimals; what is less than 1e-45 is taken as 0."""
    return [[_decimal(matrix[i, j].xreplace(dict(point)), digits) for j in range(matrix.cols)] for i in range(matrix.rows)]


def _decimal(expression: sp.Expr, digits: int) -> str:
    if isinstance(expression, sp.Integer):
        return str(expression)
    value = sp.N(expression, WORKING_DIGITS)
    with mpmath.workdps(WORKING_DIGITS):
        real, imaginary = (part._to_mpmath(200) for part in value.as_real_imag())
        if not (abs(imaginary) < NOTHING and mpmath.isfinite(real)):
            raise ValueError(f"a closed form has the value {mpmath.nstr(mpmath.mpc(real, imaginary), 8)}")
        return "0" if abs(real) < NOTHING else mpmath.nstr(real, digits, strip_zeros=True)
