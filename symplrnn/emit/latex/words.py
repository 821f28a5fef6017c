r"""What a system is, and why it is no simpler one, in sentences for print.

Reference: docs/theory, section 3, E3, E5 and E6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from symplrnn.emit.latex.entries import decimal_latex, number_latex
from symplrnn.emit.latex.equations import System, is_plain, step_length
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.readable import is_readable
from symplrnn.exact.reading.decimals import outward
from symplrnn.logarithm.expressions import real_root
from symplrnn.logarithm.half_turns import HalfTurn
from symplrnn.systems.case_ode import CaseODE
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.reasons import Reason

__all__ = [
    "Remark",
    "case_reasons",
    "collected",
    "continuity_sentence",
    "eigenvalue_latex",
    "how_many",
    "paragraph",
    "reasons",
]

JUMP = "The jump is needed because $0$ is an eigenvalue of the map, and flows are invertible."


def eigenvalue_latex(turn: HalfTurn) -> str:
    r"""Return a negative eigenvalue in LaTeX: exactly if it is short, with a square root at most, else an interval around it.

    >>> import sympy as sp
    >>> from symplrnn.network.network import ReLURNN
    >>> ode = RegionODE(ReLURNN([[1, 1], [1, 0]], [[], []], [0, 0], V=[]).region(""), sp.Integer(1))
    >>> print(eigenvalue_latex(ode.real_logarithm.turns[0]))
    $\frac{1}{2} - \frac{\sqrt{5}}{2}$
    """
    term, interval = turn.pair.term, turn.interval
    if term.degree <= 2 and is_readable(c for x in term.factor.coeffs() for c in term.real.rationals(term.field.element(x))):
        return f"${number_latex(real_root(turn))}$"
    ends = [decimal_latex(outward(end, 4, way)) for end, way in ((interval.lower, -1), (interval.upper, 1))]
    return rf"in $[{ends[0]},\, {ends[1]}]$"


def state_sentence(ode: System, symbols: Notation) -> str:
    """Return the sentence about the extra coordinates; nothing if there are none."""
    if not ode.extra:
        return ""
    u, count = symbols.extra_state, "1 extra coordinate" if ode.extra == 1 else f"{ode.extra} extra coordinates"
    after = " after the jump" if ode.jump_map is not None else ""
    return (
        rf"Here ${u} \in \mathbb{{R}}^{{{ode.extra}}}$ stands for {count}, with ${u} = 0$ at each grid time{after}; after each "
        rf"step of length ${number_latex(ode.dt)}$, ${u}$ is $0$ again and ${symbols.continuous_state}$ is the network's state."
    )


def reasons(ode: RegionODE) -> list[str]:
    """Return sentences why the system is no simpler one; none for a principal logarithm without a jump.

    >>> from symplrnn.network import PLRNN
    >>> import sympy as sp
    >>> print(*reasons(RegionODE(PLRNN([0], [[0]], [0]).region("1"), sp.Integer(1))))
    The jump is needed because $0$ is an eigenvalue of the map, and flows are invertible.
    """
    reason, turns = ode.reason, [turn for turn, _ in ode.real_logarithm.negative_eigenvalues]
    which = [turn for turn, each in zip(turns, reason.negative, strict=True) if each in reason.responsible]
    return _sentences(reason, _which(which))


def _sentences(reason: Reason, which: str) -> list[str]:
    """Return what `Reason` says, for print; ``which`` are the responsible eigenvalues."""
    jump = [JUMP] * reason.jumps
    if not reason.negative:
        return jump
    verb, their = ("are", "their") if reason.are_several else ("is", "its")
    enough = "one extra coordinate suffices" if reason.extra == 1 else f"{reason.extra} extra coordinates suffice"
    if not reason.extra:
        said = (
            f"The matrix of the ODE is a real logarithm, but no principal one exists: {which} {verb} negative, in paired "
            "Jordan blocks."
        )
    elif reason.smallest:
        linear = ", not even a time-dependent linear one," if reason.determinant_is_negative else ""
        negative = ", and the determinant is negative" if reason.determinant_is_negative else ""
        fewer = ", and fewer do not" if reason.extra > 1 else ""
        said = (
            f"There is no real ODE of dimension ${reason.n}${linear} because the Jordan blocks of {which} do not pair "
            f"up{negative}; {enough}{fewer}."
        )
    else:
        said = (
            f"{which[0].upper()}{which[1:]} {verb} negative: {enough}, whatever the sizes of {their} Jordan blocks; for which "
            "values fewer do is decided when the parameters have values."
        )
    return [*jump, said]


def case_reasons(case: CaseODE, eigenvalues: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return sentences why the system of a case is no simpler one.

    ``eigenvalues`` are the negative ones in LaTeX, and ``others`` are words for those without a name.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> [case] = derive(PLRNN(["-a"], [[0]], [1], parameters={"a": "positive"}), dt=1)["1"].other_cases
    >>> print(*case_reasons(case, ["- a"], []))
    There is no real ODE of dimension $1$, not even a time-dependent linear one, because the Jordan blocks of the eigenvalue
    $- a$ do not pair up, and the determinant is negative; one extra coordinate suffices.
    """
    noun = "the eigenvalue " if len(eigenvalues) == 1 else "the eigenvalues "
    listed = [noun + " and ".join(f"${x}$" for x in eigenvalues)] if eigenvalues else []
    return _sentences(case.reason, " and ".join([*listed, *others]))


def how_many(count: int, degree: int) -> str:
    """Return how many of the roots of a polynomial, in words.

    >>> how_many(1, 3), how_many(2, 2), how_many(3, 4)
    ('one root of', 'both roots of', '3 roots of')
    """
    if count == degree:
        return "both roots of" if degree == 2 else "all roots of"
    return "one root of" if count == 1 else f"{count} roots of"


@dataclass(frozen=True)
class Remark:
    """What there is to say about one system: of which region, or of which case of it."""

    system: System
    reasons: list[str]
    region: str = ""
    case: int | None = None


def paragraph(remark: Remark, symbols: Notation) -> str:
    """Return the paragraph after the equations of one system, if there is something to say."""
    sentences = [text for text in (state_sentence(remark.system, symbols), *remark.reasons) if text]
    return "\n\\noindent " + "\n".join(sentences) if sentences else ""


def collected(remarks: Sequence[Remark], symbols: Notation, dt: sp.Expr | None = None, continuous: str = "") -> list[str]:
    """Return the paragraph about several systems: the switching, extra coordinates, and the reasons, those that are equal once.

    ``dt`` is the step of a piecewise system, whose switching is always said (E7), ``continuous`` what follows that.
    """
    x, u, general = symbols.continuous_state, symbols.extra_state, []
    special = [each for each in remarks if not is_plain(each.system) or each.reasons]
    moved = [each.system for each in special if not is_plain(each.system)]
    if dt is None and moved:
        dt = moved[0].dt
    if dt is not None:
        general.append(
            rf"The region is held from grid time to grid time, in steps of ${step_length(dt)}$; "
            rf"${x}$ is then the network's state at each."
        )
        general += [continuous] if continuous else []
    if extra := {system.extra for system in moved if system.extra}:
        count = "one extra coordinate" if extra == {1} else f"{'up to ' * (len(extra) > 1)}{max(extra)} extra coordinates"
        general.append(f"Where it appears, ${u}$ stands for {count}, and ${u} = 0$ at each grid time, before and after a step.")
    by_reason: dict[str, list[Remark]] = {}
    for each in special:
        if each.reasons:
            by_reason.setdefault(" ".join(each.reasons), []).append(each)
    for text, those in by_reason.items():
        first = text if text.startswith("$") else text[0].lower() + text[1:]
        general.append(f"In {_places(those)}: {first}")
    return ["\\noindent " + "\n".join(general)] if general else []


def continuity_sentence(ode: NetworkODE, symbols: Notation) -> str:
    """Return that the field is continuous with state switching (C1), if it is; else nothing."""
    if not (ode.network.is_plrnn and ode.is_continuous.is_true):
        return ""
    return f"The region may also be that of ${symbols.continuous_state}$ itself: then the field is continuous."


def _places(remarks: Sequence[Remark]) -> str:
    """Return the regions and cases that remarks are about."""
    found: dict[str, list[str]] = {}
    for each in remarks:
        found.setdefault(each.region, []).extend([] if each.case is None else [str(each.case)])
    texts = []
    for region, numbers in found.items():
        listed = f"case{'s' * (len(numbers) > 1)} {', '.join(numbers)}" if numbers else ""
        texts.append(f"{region} ({listed})" if region and listed else region or listed)
    return ", ".join(texts)


def _which(eigenvalues: list[HalfTurn]) -> str:
    """Return the eigenvalues in words: one or two by their values, more by their number."""
    if len(eigenvalues) == 1:
        return f"the eigenvalue {eigenvalue_latex(eigenvalues[0])}"
    if len(eigenvalues) == 2:
        return "the eigenvalues " + " and ".join(map(eigenvalue_latex, eigenvalues))
    return f"{len(eigenvalues)} eigenvalues"
