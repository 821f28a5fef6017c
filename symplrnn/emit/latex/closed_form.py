r"""The closed form of a region's system with names for what is not an elementary number, and the definitions of the names.

Sums over the roots of a factor p of degree 3 and more are weights omega; a negative root of such a factor, which the half turns
need, is lambda, and q is the denominator of the projectors of p.

Reference: docs/theory, section 5, formula (3), and E3 and E5.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

import sympy as sp

from symplrnn.emit.latex.entries import decimal_latex, number_latex
from symplrnn.emit.latex.expressions import pieces
from symplrnn.emit.latex.layout import equation, line_width, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.exact.reading.decimals import outward
from symplrnn.exact.reading.numbers import rational
from symplrnn.exact.root_matrix import polynomial_value
from symplrnn.exact.roots import real_roots_over
from symplrnn.logarithm.closed_form import SpectralTerm
from symplrnn.logarithm.elementary import logarithm_parts
from symplrnn.logarithm.expressions import combined, polynomial_in, real_root, root_symbol
from symplrnn.logarithm.half_turns import Block, HalfTurn
from symplrnn.systems.region_ode import RegionODE

__all__ = ["named_closed_form"]


def named_closed_form(ode: RegionODE, symbols: Notation) -> tuple[sp.Matrix, list[str]]:
    """Return X^ in the coordinates (z, u, 1, s), with symbols, and their definitions as lines of an align environment.

    >>> from symplrnn.network.network import ReLURNN
    >>> ode = RegionODE(ReLURNN([["-1/4"]], [[]], [0], V=[]).region(""), sp.Integer(1))
    >>> named_closed_form(ode, Notation())[0][0, :]
    Matrix([[-log(4), -pi, 0]])
    """
    log, pattern, K = ode.real_logarithm, ode.region.pattern, ode.region.network.field
    N, total = log.matrix.nrows(), sp.zeros(log.size)
    total[:N, :N] = sp.Matrix(N, N, [K.to_sympy(x) for x in log.principal.rational_part.entries()])
    large = [term for term in log.principal.terms if term.degree > 2]
    tags = {id(term): "" if len(large) == 1 else f"_{{{i}}}" for i, term in enumerate(large, 1)}
    definitions: list[str] = []
    weights: dict[int, list[sp.Symbol]] = {}
    for i, term in enumerate(log.principal.terms, 1):
        if term.degree > 2:
            label = f"{symbols.name(symbols.weight, pattern)}_{{{i},<k>}}"
            weights[id(term)] = [sp.Symbol(label.replace("<k>", str(k))) for k in range(term.degree)]
            definitions += _weight_definition(label, tags[id(term)], term)
    total[:N, :N] += combined(K, logarithm_parts(log.principal, lambda term: weights[id(term)]), N)
    roots, more = _roots(log.turns, tags, symbols, pattern)
    for turn in log.turns:
        root, divisor = roots[id(turn)]
        for block in turn.pair.blocks:
            number = _number(root, block)
            value, (row, column) = block.matrix.sympy(root), log.corner(turn, block)
            part = value * (number / divisor if block.divided else number)
            total[row : row + value.rows, column : column + value.cols] += part
    return total.extract(ode._order, ode._order) / ode.dt, definitions + more


def _number(root: sp.Expr, block: Block) -> sp.Expr:
    """Return what a block of a half turn is multiplied by in the logarithm."""
    if block.turns:
        return sp.pi if block.order == 0 else sp.Integer(0)
    return sp.log(-root) if block.order == 0 else sp.Rational((-1) ** (block.order - 1), block.order)


def _roots(
    turns: tuple[HalfTurn, ...], tags: Mapping[int, str], symbols: Notation, pattern: str
) -> tuple[dict[int, tuple[sp.Expr, sp.Expr]], list[str]]:
    """Return for each half turn its root and what its blocks are divided by, as symbols beyond degree 2, with definitions."""
    names: dict[tuple[int, int], sp.Symbol] = {}
    found, definitions = {}, []
    for turn in turns:
        term = turn.pair.term
        if term.degree < 3:
            root = real_root(turn)
            found[id(turn)] = root, polynomial_value(term.field, term.denominator, root)
            continue
        key, tag = (id(term), turn.index), tags[id(term)]
        if key not in names:
            name = symbols.name(symbols.root, pattern).replace("<number>", str(len(names) + 1))
            names[key] = sp.Symbol(name)
            lower, upper = _short_interval(turn)
            definitions.append(rf"p{tag}({name}) &= 0, \quad {lower} < {name} < {upper}")
        is_q = turn.pair.divisor == term.denominator
        divisor = (
            sp.Symbol(rf"q{tag}({names[key].name})") if is_q else polynomial_value(turn.pair.field, turn.pair.divisor, names[key])
        )
        found[id(turn)] = names[key], divisor
    return found, definitions


def _short_interval(turn: HalfTurn) -> tuple[str, str]:
    """Return short decimals around an isolating interval of an irrational root, with no other root between them."""
    term, interval = turn.pair.term, turn.interval
    others = [other for i, other in enumerate(real_roots_over(term.real, term.factor)) if i != turn.index]
    for digits in count(1):
        lower, upper = outward(interval.lower, digits, -1), outward(interval.upper, digits, 1)
        low, high = rational(lower, "end"), rational(upper, "end")
        if all(other.upper < low or high < other.lower for other in others):
            break
    return decimal_latex(lower), decimal_latex(upper)


def _weight_definition(label: str, tag: str, term: SpectralTerm) -> list[str]:
    """Return the definitions of the weights of a factor, on one line if they fit."""
    has_real_root = bool(term.negative_roots)
    total = rf"\sum_{{p{tag}(\lambda) = 0}} \frac{{\lambda^{{k}} \log \lambda}}{{q{tag}(\lambda)}}"
    head = f"{label.replace('<k>', 'k')} &= " + (r"\operatorname{Re} " if has_real_root else "") + total
    named = [
        (rf"{letter}{tag}(\lambda)", polynomial_in(term.field, f, root_symbol).as_expr())
        for letter, f in (("p", term.factor), ("q", term.denominator))
    ]
    line = ", \\quad ".join([head, *(f"{name} = {number_latex(value)}" for name, value in named)])
    if width(line) <= line_width():
        return [line]
    room = line_width() - width(named[0][0] + " = ")
    return [head, *(equation(f"{name} &=", pieces(value, room), room) for name, value in named)]
