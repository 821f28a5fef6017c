"""The section on certificates: what a checker that shares nothing with the package has proved anew."""

from __future__ import annotations

from typing import Any

from symplrnn import limits, views
from symplrnn.certificate.check import Refused
from symplrnn.certificate.check_letters import check
from symplrnn.certificate.write import digest
from symplrnn.emit.report.page import Markup, element, table
from symplrnn.emit.report.sections import code
from symplrnn.emit.report.subject import Subject
from symplrnn.errors import EntryError, ShapeError
from symplrnn.systems.piecewise import NetworkODE

__all__ = ["certificate_part"]

HEADS = [
    "region",
    "E1",
    "E2",
    "E3",
    "kind",
    "real ODEs (E4)",
    "extra coordinates (E5)",
    "negative eigenvalues",
    "stable",
    "closed form",
]
CONDITIONS = {
    "E1": "E1",
    "E2": "E2",
    "E3": "E3",
    "real_odes": "E4, the number of real ODEs",
    "lift": "where a lift is needed (E5)",
    "zero": "where a jump is needed (E6)",
    "one": "where 1 is an eigenvalue",
    "stable": "stable",
}
WHOLE = {
    "p_matrix": "A + W is a P-matrix",
    "principal": "E2 holds in every region (G1)",
    "continuous": "the ODE with state switching is continuous (C1)",
}


def certificate_part(subject: Subject) -> list[Markup]:
    """Return what is certified of the regions that are shown and of the whole network; nothing of an irrational network."""
    ode = subject.shown
    patterns = ode.patterns if subject.network.n <= limits.NOTEBOOK_STATES else ()
    try:
        document = views.certificate(NetworkODE(ode.network, ode.dt, patterns))
    except (EntryError, ShapeError):  # the network is irrational, or nothing is proved of all regions of a large one
        return []
    try:
        proved = check(document)
    except Refused as reason:
        return [element("p", f"The checker has not accepted the certificate: {reason}.")]
    parts = [
        element(
            "p",
            "A checker of plain Python, which uses nothing of symplrnn and other algorithms, has proved these claims anew from "
            "the network's exact entries.",
        )
    ]
    regions = {where.removeprefix("region "): claims for where, claims in proved if where.startswith("region ")}
    if "letters" in document:
        rows = [[pattern, _names(claims), _forms(claims)] for pattern, claims in regions.items()]
        q = "" if all("real_odes" in claims for claims in regions.values()) else "; q(t) = det(I + t (M - I))"
        parts.append(table(f"Conditions and closed forms that are proved{q}", ["region", "conditions", "closed form"], rows))
    elif regions:
        rows = [_region(pattern, claims) for pattern, claims in regions.items()]
        parts.append(table("Claims on single regions", HEADS, rows, [6, 7], sortable=True))
    if document["global"] is not None:
        claims = proved[-1][1]
        names = {"E2": "E2 holds in every region (G1)"} if "letters" in document else WHOLE
        texts = [f"{names[name]}: {_word(claims[name])}" for name in names if name in claims]
        parts.append(element("p", f"Of all regions at once: {'; '.join(texts)}."))
    chosen = "".join(f" --region {pattern}" for pattern in patterns or ())
    command = f"symplrnn certify FILE --dt {ode.dt}{chosen} -o certificate.json"
    parts.append(
        element(
            "p",
            "To have the certificate: ",
            element("code", command),
            ". Its SHA-256 hash is ",
            element("code", digest(document)),
            ".",
        )
    )
    return parts


def _region(pattern: str, claims: dict[str, Any]) -> list[Any]:
    return [
        code(pattern),
        *(_word(claims.get(name)) for name in ("E1", "E2", "E3")),
        claims["kind"],
        claims["real_odes"],
        claims["extra"],
        claims["negative"],
        _word(claims["stable"]),
        "proved" if "formula" in claims else "",
    ]


def _names(claims: dict[str, Any]) -> str:
    """Return what is proved of a region with letters: by name, where the conditions are those of the verdicts."""
    found = [text for name, text in CONDITIONS.items() if name in claims]
    return ", ".join(found) if len(found) > 1 else f"E2: {claims['E2']}"


def _forms(claims: dict[str, Any]) -> str:
    """Return which closed forms of a region with letters are proved."""
    return "; ".join(str(claims[name]) for name in ("formula", "other_cases") if name in claims)


def _word(value: bool | str | None) -> str:
    if isinstance(value, str):  # a condition on letters
        return value
    return "not certified" if value is None else "yes" if value else "no"
