"""Reports and ODEs as JSON-ready dicts. Exact numbers are text: rationals as "p/q", polynomials as coefficient lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import lru_cache, partial
from itertools import chain
from pickle import dumps
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly

from symplrnn import limits, views
from symplrnn.conditions.formula import Formula
from symplrnn.conditions.parameters import sign_set
from symplrnn.conditions.truth import Truth
from symplrnn.eigenvalues.base import NegativeEigenvalue, Spectrum
from symplrnn.eigenvalues.counting import NumberSpectrum
from symplrnn.eigenvalues.fixed_points import fixed_point_facts
from symplrnn.emit.eigenvalues import eigenvalues_of_map
from symplrnn.emit.latex.conditions import Names, condition_text
from symplrnn.emit.latex.equilibria import equilibria_text
from symplrnn.emit.latex.readable import is_readable_logarithm
from symplrnn.errors import PrecisionLimit, TooLarge
from symplrnn.exact.fields.domain import DomainField
from symplrnn.exact.fields.rational import coefficients
from symplrnn.exact.fields.wrappers import Matrix, Polynomial
from symplrnn.exact.rays import OffRay
from symplrnn.exact.reading.names import SIGNS
from symplrnn.exact.real_roots import Interval
from symplrnn.exact.stated import SpectralFact
from symplrnn.exact.writing import text_of
from symplrnn.functions import legend
from symplrnn.logarithm.digits import Digits
from symplrnn.logarithm.enclosure import EnclosedNumber
from symplrnn.logarithm.half_turns import HalfTurn
from symplrnn.logarithm.lazy_entries import is_long
from symplrnn.logarithm.one_formula import named_scalars
from symplrnn.network.network import ReLURNN
from symplrnn.parallel import results_in_order
from symplrnn.progress import counted
from symplrnn.systems.case_ode import CaseODE
from symplrnn.systems.frequencies import complex_pairs, uniqueness
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems import Verdict
from symplrnn.theorems.check import CheckReport, Counted, RegionCheck, decided

__all__ = [
    "decimals_to_json",
    "network_to_json",
    "parametric_ode_to_dict",
    "region_ode_to_dict",
    "report_in_pieces",
    "report_to_dict",
]

LEFT_OUT = "closed_form: the exact numbers of a system of {} states are long; --full prints them, in Python full=True"


def plain(value: Any) -> Any:
    """Return evidence of any kind as JSON-ready data.

    >>> plain(fmpq_poly([fmpq(1, 2), 1]))
    ['1/2', '1']
    """
    if isinstance(value, fmpq):
        return str(value)
    if isinstance(value, fmpq_poly):
        return [str(c) for c in coefficients(value)]
    if isinstance(value, fmpq_mat):
        return [[str(x) for x in row] for row in value.tolist()]
    if isinstance(value, Polynomial):
        return [str(DomainField(value.domain).to_sympy(c)) for c in value.coeffs()]
    if isinstance(value, Matrix):
        field = DomainField(value.value.domain)
        return [[str(field.to_sympy(x)) for x in row] for row in value.tolist()]
    if isinstance(value, Interval):
        return [str(value.lower), str(value.upper)]
    if isinstance(value, NegativeEigenvalue):
        return {
            "minimal_polynomial": plain(value.minimal_polynomial),
            "interval": plain(value.interval),
            "jordan_blocks": list(value.blocks),
        }
    if isinstance(value, Truth):
        return value.value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Formula):
        return str(value)
    return _text(value) if isinstance(value, sp.Basic) else value


@lru_cache(maxsize=256)
def _text(value: sp.Basic) -> str:
    """Return an expression as text; the same factors are the evidence of several verdicts."""
    return text_of(value)


def truth_to_json(truth: Truth) -> dict[str, Any]:
    """Return a truth value: true, false, or null with a reason or with the condition on the parameters that decides it."""
    entry: dict[str, Any] = {"truth": truth.value}
    if truth.is_unknown:
        entry["reason"] = truth.reason
    if truth.formula is not None:
        entry |= dict(_condition_to_json(truth.formula))
    return entry


@lru_cache(maxsize=256)
def _condition_to_json(formula: Formula) -> Mapping[str, Any]:
    """Return a condition, which several verdicts may have, as text; polynomials q(t) in it are defined under ``where``."""
    if not any(isinstance(atom.polynomial, OffRay | SpectralFact) for atom in formula.atoms):
        return {"condition": str(formula)}
    names = Names((), {}).for_formulas([formula], map(str, formula.symbols))
    where = {str(symbol): text_of(value) for symbol, value in names.used([formula])}
    return {"condition": condition_text(formula, names), "where": where}


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Return the truth value of a verdict and of each hypothesis with its evidence; unknown is null with a reason."""
    hypotheses = {
        h.name: {**truth_to_json(h.truth), "evidence": {key: plain(item) for key, item in h.evidence.items()}}
        for h in verdict.hypotheses
    }
    return {**_without_reason(truth_to_json(verdict.truth)), "hypotheses": hypotheses}


def _without_reason(entry: dict[str, Any]) -> dict[str, Any]:
    """Leave out the reasons, which stand with the hypotheses."""
    return {key: value for key, value in entry.items() if key != "reason"}


def region_check_to_json(check: RegionCheck) -> dict[str, Any]:
    """Return the verdicts and the spectral facts of one region."""
    facts = check.spectrum
    if check.region.network.field.parameters or not isinstance(facts, NumberSpectrum):
        return _conditional_check_to_json(check, facts)
    return {
        "pattern": check.region.pattern,
        "verdicts": {name: verdict_to_json(v) for name, v in check.verdicts.items()},
        "real_odes": check.how_many,
        "lift": check.lift,
        "spectrum": {
            "characteristic_polynomial": plain(facts.characteristic_polynomial),
            "eigenvalues": [each.value_to_dict() for each in eigenvalues_of_map(facts)],
            "unit_eigenvalue": {
                "algebraic_multiplicity": facts.unit_multiplicity,
                "geometric_multiplicity": facts.unit_geometric_multiplicity,
            },
            "negative_eigenvalues": facts.negative_count,
            "diagonalisable": facts.is_diagonalisable,
            "jordan_blocks": [{"factor": plain(f), "sizes": list(sizes)} for f, sizes in facts.jordan_blocks],
            "unit_circle": {
                "inside": facts.unit_circle.inside,
                "on": facts.unit_circle.on,
                "outside": facts.unit_circle.outside,
                "stability": facts.unit_circle.stability,
            },
        },
    }


def _conditional_check_to_json(check: RegionCheck, facts: Spectrum) -> dict[str, Any]:
    """Return the verdicts on one region with letters, with conditions, and what its fixed point does."""
    point = fixed_point_facts(check.region)
    return {
        "pattern": check.region.pattern,
        "verdicts": {name: verdict_to_json(v) for name, v in check.verdicts.items()},
        "real_odes": check.how_many,
        "real_odes_where": {number: truth_to_json(truth) for number, truth in check.number_of_odes.items()},
        "lift": check.lift,
        "spectrum": {
            "factors": _factors_to_json(facts),
            "unit_eigenvalue": truth_to_json(check.unit_eigenvalue),
            "diagonalisable": truth_to_json(check.diagonalisable),
            "stable": truth_to_json(check.stable),
        },
        "fixed_point": {
            "state": None if point.fixed_point is None else [text_of(x) for x in point.fixed_point],
            "unique": truth_to_json(point.unique),
            "real": truth_to_json(point.real),
            "virtual": truth_to_json(point.virtual),
            "collision": [truth_to_json(truth) for _, truth in point.collision],
            "eigenvalue_1": truth_to_json(point.eigenvalue_at_1),
            "eigenvalue_1_with_fixed_points": truth_to_json(point.fixed_points_at_1),
            "eigenvalue_minus_1": truth_to_json(point.eigenvalue_at_minus_1),
            "complex_pair_on_unit_circle": truth_to_json(point.complex_pair_on_circle),
        },
    }


def _factors_to_json(facts: Spectrum) -> list[dict[str, Any]] | None:
    """Return the factors of the characteristic polynomial; None if it has too many terms."""
    try:
        factors = zip(facts.factors_in_sympy, facts.factors, strict=True)
    except TooLarge:
        return None
    return [{"factor": _text(f), "multiplicity": e} for f, (_, e) in factors]


def network_to_json(network: ReLURNN) -> dict[str, Any]:
    """Return the sizes of a network, and its parameters if it has any."""
    sizes: dict[str, Any] = {"states": network.n, "units": network.p, "inputs": network.m}
    if network.parameters:
        sizes["parameters"] = {str(symbol): _assumptions(symbol) for symbol in network.parameters}
    if not network.assumptions.is_true:
        sizes["assumptions"] = str(network.assumptions)
    return sizes


def _assumptions(symbol: sp.Symbol) -> str:
    """Return what is assumed of the sign of a parameter, in the words of a declaration."""
    return next(word for word, signs in SIGNS.items() if signs == sign_set(symbol))


@views.to_dict.register(CheckReport)
def report_to_dict(report: CheckReport, summary: bool = False) -> dict[str, Any]:
    """Return a report as a JSON-ready dict; see `CheckReport.to_dict`."""
    document = _head_to_json(report, report.global_verdict if summary else report.global_verdict_by_minors)
    if not summary:
        verdicts = counted(report.verdicts.values(), "regions", report.checked)
        document["verdicts"] = [region_check_to_json(check) for check in verdicts]
    return document


def report_in_pieces(report: CheckReport, executor: Executor | None = None) -> Iterator[str]:
    """Yield the JSON document of a report in pieces, region by region; see `CheckReport.to_json`.

    Regions whose verdicts were not kept are decided as they are written, by an executor if there is one, so that memory does not
    grow with their number.
    """
    texts: Iterator[str]
    if isinstance(report.verdicts, Counted):
        chunks = results_in_order(partial(_texts, dumps(report.network)), report.verdicts, executor, limits.TEXTS_UNDER_WAY)
        texts = chain.from_iterable(chunks)
    else:
        texts = map(_text_of_region, report.verdicts.values())
    head = _head_to_json(report, report.global_verdict_by_minors)
    yield from views.dumped(head, "verdicts", counted(texts, "regions", report.checked))


def _texts(network: bytes, patterns: Sequence[str]) -> list[str]:
    return [_text_of_region(check) for check in decided(network, patterns)]


def _text_of_region(check: RegionCheck) -> str:
    return json.dumps(region_check_to_json(check), allow_nan=False)


def _head_to_json(report: CheckReport, global_verdict: Verdict) -> dict[str, Any]:
    """Return what a document says of all regions, before the single ones."""
    p_matrix = global_verdict["p_matrix"]
    whole: dict[str, Any] = {"p_matrix": p_matrix.truth.value, "verdict": verdict_to_json(global_verdict)}
    if p_matrix.truth.formula is not None:
        whole["condition"] = str(p_matrix.truth.formula)
    continuous = report.continuity_verdict.truth
    whole["continuous"] = continuous.value if continuous.formula is None else str(continuous.formula)
    return {
        "network": network_to_json(report.network),
        "regions": {"selection": report.selection, "total": report.total, "checked": report.checked},
        "summary": report.summary,
        "counts": dict(report.counts),
        "global": whole,
        "grid": None if report.grid_verdict is None else verdict_to_json(report.grid_verdict),
    }


def digits_to_json(digits: Digits) -> dict[str, Any]:
    """Return certified digits as lists of decimal strings, and of dicts with enclosures for entries that are not decided."""
    return {
        "matrix": [decimals_to_json(row) for row in digits.matrix],
        "offset": decimals_to_json(digits.offset),
        "input_matrix": [decimals_to_json(row) for row in digits.input_matrix],
    }


@views.to_dict.register(RegionODE)
def _region_ode(
    ode: RegionODE, digits: int = 17, by_cases: bool = False, other_cases: bool = False, full: bool = False
) -> dict[str, Any]:
    if ode.has_parameters:
        return parametric_ode_to_dict(ode, digits, by_cases, other_cases)
    return region_ode_to_dict(ode, digits, full)


def decimals_to_json(row: Iterable[str]) -> list[str | dict[str, Any]]:
    """Return certified digits of numbers; a dict with an enclosure and the reason for those that are not decided."""
    return [{"enclosure": list(x.ends), "reason": x.reason} if isinstance(x, EnclosedNumber) else x for x in row]


def region_ode_to_dict(ode: RegionODE, digits: int, full: bool = False) -> dict[str, Any]:
    """Return a region's system: its kind and why, the jump, certified digits, and the exact closed form.

    ``digits`` holds X, y and Y of  d(z, u)/dt = X (z, u) + y + Y s, as decimals in which every digit is right; an entry whose
    digits are not decided is ``{"enclosure": [lower, upper], "reason": ...}``, with decimals that are rounded outwards.
    ``extra`` is the number of coordinates u, which are 0 at each grid time. ``uniqueness`` says how many real ODEs have the map;
    ``frequencies`` are those of its complex pairs, in radians per unit of time. ``eigenvalues`` are those of M, each with its
    rate log(l)/dt, its time constant -dt/log|l|, and its frequency arg(l)/(2 pi dt) in turns per unit of time. ``jump`` is null,
    or holds the rational map z <- J z + j + K s of each grid time, with J, j and K under ``matrix``, ``offset`` and
    ``input_matrix``.

    The exact closed form of many states is megabytes long. Unless ``full``, it is null for more than
    `limits.CLOSED_FORM_STATES`, and ``left_out`` says so.

    ``closed_form`` gives L = dt X^ in the coordinates (z, 1, s, u), N of them without u. Its first N rows and columns begin with

        Re(R + sum_f sum_{f(l)=0} log(l)/d(l) sum_k l^k H_k),

    R being ``rational_part``, and f ``factor``, d ``denominator``, H_k ``matrices`` of the ``terms``; a polynomial is the list
    of its coefficients, constant term first. The real part matters for negative l only. To this each of the ``half_turns`` adds,
    for its negative root l of f, the one in the interval (a, b] of ``root`` (a = b: l = a), and for each of its ``blocks``

        number  sum_k l^k A_k,        divided by D(l) if ``divided``,

    with A_k the ``coefficients``, D the ``denominator`` of the half turn (d, or a multiple of it), and number = pi if ``turns``
    and ``order`` = 0, 0 if ``turns`` and ``order`` = t > 0, else log|l| if t = 0 and (-1)^(t-1)/t if t > 0. The block begins in
    row 0, or in row N + ``offset`` if ``to_extra``, and in column 0, or in column N + ``offset`` if ``from_extra``.
    """
    listed = full or ode.region.network.n <= limits.CLOSED_FORM_STATES
    return {
        "pattern": ode.region.pattern,
        "kind": ode.kind,
        "why": ode.why,
        "is_principal": ode.is_principal,
        "extra": ode.extra,
        "uniqueness": uniqueness(ode),
        "eigenvalues": [each.to_dict(digits) for each in ode.eigenvalues],
        "frequencies": [pair.digits(digits) for pair in complex_pairs(ode)] if ode.kind == "real" and ode.dt.is_Rational else [],
        "dt": str(ode.dt),
        "jump": _jump_to_json(ode),
        "digits": _certified(ode, digits) if ode.dt.is_Rational else None,
        "closed_form": _closed_form_to_json(ode) if listed else None,
        **({} if listed else {"left_out": LEFT_OUT.format(ode.region.network.n)}),
    }


def _closed_form_to_json(ode: RegionODE) -> dict[str, Any]:
    """Return the exact closed form; see `region_ode_to_dict`."""
    log = ode.real_logarithm
    return {
        "rational_part": plain(log.principal.rational_part),
        "terms": [
            {"factor": plain(t.factor), "denominator": plain(t.denominator), "matrices": [plain(H) for H in t.matrices]}
            for t in log.principal.terms
        ],
        "half_turns": [_half_turn_to_json(turn) for turn in log.turns],
    }


def _certified(ode: RegionODE, digits: int) -> dict[str, Any]:
    """Return the certified digits of a system, or why there are none."""
    try:
        return digits_to_json(ode.digits(digits))
    except PrecisionLimit as limit:
        return {"reason": str(limit)}


def _jump_to_json(system: RegionODE | CaseODE) -> dict[str, Any] | None:
    """Return the jump of an impulsive system; None if there is none."""
    jump = system.jump_map
    if jump is None:
        return None
    return {
        "matrix": _entries(jump.matrix),
        "offset": [text_of(x) for x in jump.offset],
        "input_matrix": _entries(jump.input_matrix),
    }


def _entries(matrix: sp.MatrixBase) -> list[list[str]]:
    return [[text_of(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)]


def _half_turn_to_json(turn: HalfTurn) -> dict[str, Any]:
    """Return what a negative eigenvalue adds to the logarithm; see `region_ode_to_dict`."""
    return {
        "factor": plain(turn.pair.term.factor),
        "denominator": plain(turn.pair.divisor),
        "root": plain(turn.interval),
        "offset": turn.offset,
        "blocks": [
            {
                "order": block.order,
                "turns": block.turns,
                "from_extra": block.from_extra,
                "to_extra": block.to_extra,
                "divided": block.divided,
                "coefficients": [plain(A) for A in block.matrix.coefficients],
            }
            for block in turn.pair.blocks
        ],
    }


def parametric_ode_to_dict(ode: RegionODE, digits: int = 17, by_cases: bool = False, other_cases: bool = False) -> dict[str, Any]:
    """Return the system of a region with parameters, with entries as text.

    ``matrix``, ``offset`` and ``input_matrix`` are the one formula, which holds where ``condition`` (E2) does; null if it never
    does. They use the parameters, the names in ``definitions``, and the functions that ``functions`` explains. If only c and C
    have parameters, ``digits`` has the same with certified decimals. Entries with too many terms are null, with the reason in
    ``too_large``.

    ``cases`` are its expansions into elementary functions, case by case; null unless ``by_cases`` asks for them or there are
    none. ``other_cases`` holds the cases where E2 fails, with X, y and Y of  d(z, u)/dt = X (z, u) + y + Y s  and the map
    ``jump`` of each grid time as in `region_ode_to_dict`. It is null unless there is no principal ODE for any values or the
    argument ``other_cases`` asks for it: it takes time to derive. ``unlisted`` says why these are not all cases, and is null if
    they are.
    """
    others = other_cases or not ode.has_formula or ode.condition.is_true
    missing = [ode.unlisted if by_cases else "", ode.unlisted_others if others and ode.by_columns is None else ""]
    return {
        "pattern": ode.region.pattern,
        "kind": ode.kind,
        "dt": str(ode.dt),
        **truth_to_json(ode.condition),
        **_formula_to_json(ode, digits),
        "cases": [_principal_case_to_json(case) for case in ode.cases] if by_cases or not ode.has_formula else None,
        "other_cases": [_other_case_to_json(case) for case in _other_cases(ode)] if others else None,
        "unlisted": next(filter(None, missing), None),
    }


def _formula_to_json(ode: RegionODE, digits: int) -> dict[str, Any]:
    """Return the one formula of a region with parameters."""
    found: dict[str, Any] = {"definitions": {}, "matrix": None, "offset": None, "input_matrix": None, "functions": []}
    if not ode.has_formula:
        return found
    log = None if ode.by_columns is None else ode.by_columns[0].real_logarithm
    if log is None or (is_readable_logarithm(log) and not is_long(log)):
        try:
            found |= {**_system_to_json(ode), "functions": legend(ode.named.matrix)}
        except TooLarge as limit:
            found["too_large"] = str(limit)
    if ode.by_columns is not None:
        X, y, Y = ode.decimals(digits)
        found["digits"] = {"matrix": X, "offset": [x for [x] in y], "input_matrix": Y}
    if ode.kind == "real":
        found["equilibria"] = equilibria_text(fixed_point_facts(ode.region))
    return {**found, "why": ode.why, "extra": ode.extra, "jump": _jump_to_json(ode)}


def _other_cases(ode: RegionODE) -> tuple[CaseODE, ...]:
    """Return the cases where E2 fails; nothing is derived where it always holds."""
    return () if ode.condition.is_true else ode.other_cases


def _principal_case_to_json(case: CaseODE) -> dict[str, Any]:
    """Return a case of a principal ODE."""
    where = {"condition": str(case.condition), "kind": case.kind}
    return {**where, **_system_to_json(case), "equilibria": case.equilibria}


def _other_case_to_json(case: CaseODE) -> dict[str, Any]:
    """Return a case where E2 fails."""
    where = {"condition": str(case.condition), "kind": case.kind, "why": case.why}
    jump = _jump_to_json(case)
    return {**where, "is_principal": case.is_principal, "extra": case.extra, "jump": jump, **_system_to_json(case)}


def _system_to_json(system: CaseODE | RegionODE) -> dict[str, Any]:
    """Return X, y and Y of a case or of the one formula of a region, with the definitions that they use."""
    named = system.named if isinstance(system, CaseODE) else named_scalars(system.named, map(str, system.parameters))
    matrix, d = named.matrix, system.dimension
    return {
        "definitions": {str(symbol): text_of(value) for symbol, value in named.definitions},
        "matrix": _entries(matrix[:d, :d]),
        "offset": [text_of(x) for x in matrix[:d, d]],
        "input_matrix": _entries(matrix[:d, d + 1 :]),
    }
