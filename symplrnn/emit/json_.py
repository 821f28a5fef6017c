"""Reports and ODEs as JSON-ready dicts. Exact numbers are text: rationals as "p/q", polynomials as coefficient lists."""

from __future__ import annotations

import json
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly

from symplrnn.checking import CheckReport, RegionCheck
from symplrnn.exact.rational import coefficients
from symplrnn.exact.realroots import Interval
from symplrnn.network import ReLURNN
from symplrnn.ode import Digits, RegionODE
from symplrnn.spectrum import NegativeEigenvalue
from symplrnn.theorems import Verdict
from symplrnn.truth import Truth

__all__ = ["dumps", "region_ode_to_dict", "report_to_dict"]

LONG = 200_000


def dumps(value: Any) -> str:
    """Return a JSON document, indented unless it is long (indenting is slow, and nobody reads a megabyte)."""
    text = json.dumps(value, allow_nan=False)
    return text if len(text) > LONG else json.dumps(value, indent=2, allow_nan=False)


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
    return value


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Return the truth value of a verdict and of each hypothesis with its evidence; unknown is null with a reason."""
    hypotheses = {}
    for h in verdict.hypotheses:
        entry: dict[str, Any] = {"truth": h.truth.value}
        if h.truth.is_unknown:
            entry["reason"] = h.truth.reason
        entry["evidence"] = {key: plain(item) for key, item in h.evidence.items()}
        hypotheses[h.name] = entry
    return {"truth": verdict.truth.value, "hypotheses": hypotheses}


def region_check_to_json(check: RegionCheck) -> dict[str, Any]:
    """Return the verdicts and the spectral facts of one region."""
    facts = check.spectrum
    return {
        "pattern": check.region.pattern,
        "verdicts": {name: verdict_to_json(v) for name, v in check.verdicts.items()},
        "spectrum": {
            "characteristic_polynomial": plain(facts.characteristic_polynomial),
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


def network_to_json(network: ReLURNN) -> dict[str, Any]:
    """Return the sizes of a network."""
    return {"states": network.n, "units": network.p, "inputs": network.m}


def report_to_dict(report: CheckReport, summary: bool = False) -> dict[str, Any]:
    """Return a report as a JSON-ready dict; see `CheckReport.to_dict`."""
    p_matrix = report.global_verdict["p_matrix"]
    whole: dict[str, Any] = {"p_matrix": p_matrix.truth.value, "verdict": verdict_to_json(report.global_verdict)}
    document: dict[str, Any] = {
        "network": network_to_json(report.network),
        "regions": {"selection": report.selection, "total": report.total, "checked": report.checked},
        "counts": dict(report.counts),
        "global": whole,
    }
    if not summary:
        document["verdicts"] = [region_check_to_json(check) for check in report.verdicts.values()]
    return document


def digits_to_json(digits: Digits) -> dict[str, Any]:
    """Return certified digits as lists of decimal strings."""
    return {
        "matrix": [list(row) for row in digits.matrix],
        "offset": list(digits.offset),
        "input_matrix": [list(row) for row in digits.input_matrix],
    }


def region_ode_to_dict(ode: RegionODE, digits: int) -> dict[str, Any]:
    """Return a region ODE: certified digits, and the exact closed form of the augmented logarithm dt X^.

    The closed form lists the rational part R and, for each irreducible factor f (coefficients, constant term first), the
    rational matrices H_k and the polynomial d, so that dt X^ = R + sum_f sum_{f(l)=0} log(l)/d(l) sum_k l^k H_k.
    """
    log = ode.logarithm
    return {
        "pattern": ode.region.pattern,
        "kind": ode.kind,
        "dt": str(ode.dt),
        "digits": digits_to_json(ode.digits(digits)),
        "closed_form": {
            "rational_part": plain(log.rational_part),
            "terms": [
                {"factor": plain(t.factor), "denominator": plain(t.denominator), "matrices": [plain(H) for H in t.matrices]}
                for t in log.terms
            ],
        },
    }
