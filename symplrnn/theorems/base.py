"""A theorem is data: identifier, statement, hypotheses, reference. A verdict is a theorem held against one region.

Each theorem has a file of its own in this folder with its statement and a function that checks its hypotheses; every
hypothesis comes back with a truth value and the evidence for it (a polynomial, a count, a sign, an isolating interval). A theorem
about single regions enters the list `REGION_CHECKS` by the decorator `region_check` of that function, so that to add one is to
add its file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from symplrnn import views
from symplrnn.conditions.formula import Formula
from symplrnn.conditions.simplification import truth_given
from symplrnn.conditions.truth import Truth, all_of
from symplrnn.eigenvalues.spectrum import Spectrum

__all__ = ["Hypothesis", "Theorem", "Verdict"]


@dataclass(frozen=True, repr=False)
class Theorem(views.Shown):
    """A theorem: identifier, name, statement, the statement of each hypothesis, and where it comes from.

    ``with_letters`` says when a check of a network with letters decides it: at once; when the verdict is read, as for theorems
    that compare eigenvalues with each other, whose conditions may be long; or so, and listed on request only.
    ``by_counts`` says that where all eigenvalues are simple, and none is 1, it is decided by how many of them are 0, negative
    and not real, so that regions with the same counts have the same answer.
    """

    identifier: str
    name: str
    statement: str
    hypotheses: Mapping[str, str]
    reference: str
    with_letters: Literal["at once", "when read", "on request"] = "at once"
    by_counts: bool = False


@dataclass(frozen=True, repr=False)
class Hypothesis(views.Shown):
    """One hypothesis of a theorem, decided for one region."""

    name: str
    statement: str
    truth: Truth

    @property
    def evidence(self) -> Mapping[str, Any]:
        """What proves the truth value, by short names: rationals, polynomials, counts, intervals, text."""
        return self.truth.evidence


@dataclass(frozen=True, repr=False)
class Verdict(views.Shown):
    """Whether a theorem applies to a region: the conjunction of its hypotheses, each with its evidence."""

    theorem: Theorem
    pattern: str
    hypotheses: tuple[Hypothesis, ...]
    whole: Truth | None = None

    @cached_property
    def truth(self) -> Truth:
        """TRUE if every hypothesis is true, FALSE if one is false, else UNKNOWN with the reasons.

        With letters it may be known, as ``whole``, where single hypotheses are not, or be a shorter condition.
        """
        return all_of(h.truth for h in self.hypotheses) if self.whole is None else self.whole

    def given(self, known: Formula) -> Verdict:
        """Return the verdict with its conditions as a person would state them, by what is known of the parameters."""
        if self.truth.formula is None and all(h.truth.formula is None for h in self.hypotheses):
            return self
        found = replace(self, hypotheses=tuple(replace(h, truth=truth_given(h.truth, known)) for h in self.hypotheses))
        return replace(found, whole=truth_given(found.truth, known))

    def __getitem__(self, name: str) -> Hypothesis:
        for hypothesis in self.hypotheses:
            if hypothesis.name == name:
                return hypothesis
        raise KeyError(f"{self.theorem.identifier} has no hypothesis {name!r}, only {[h.name for h in self.hypotheses]}")

    @property
    def failed(self) -> tuple[Hypothesis, ...]:
        """The hypotheses that are false."""
        return tuple(h for h in self.hypotheses if h.truth.is_false)


def verdict(theorem: Theorem, pattern: str, found: Mapping[str, Truth], whole: Truth | None = None) -> Verdict:
    """Return the verdict from the truth of each hypothesis, in the theorem's order; ``whole`` is their conjunction if known."""
    hypotheses = tuple(Hypothesis(name, text, found[name]) for name, text in theorem.hypotheses.items())
    return Verdict(theorem, pattern, hypotheses, whole)


Check = Callable[[Spectrum], Verdict]
REGION_CHECKS: dict[str, tuple[Theorem, Check]] = {}  # by identifier, in the order in which reports list them


def region_check(theorem: Theorem) -> Callable[[Check], Check]:
    """Enter the function below into `REGION_CHECKS`: each region of a network is held against the theorem by it."""

    def enter(check: Check) -> Check:
        REGION_CHECKS[theorem.identifier] = theorem, check
        return check

    return enter
