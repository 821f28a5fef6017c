"""What is counted of the regions of a network, and the answers on one region as plain data.

A report counts the answers on each region, and with many regions the counts are all that is held. A `Row` has the answers on one
region of a network of numbers without their evidence: it is what worker processes send, and a line of a file of verdicts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symplrnn import limits
from symplrnn.conditions.truth import Truth

__all__ = ["CONDITIONAL", "Answer", "Row", "Tally", "answer"]

CONDITIONAL = "conditional"
Answer = bool | str | None  # None: unknown; CONDITIONAL: it depends on parameters
HOW_MANY = {"unique": "one", "countable": "countable", "uncountable": "uncountable"}


def answer(truth: Truth) -> Answer:
    """Return a truth value without its evidence."""
    return CONDITIONAL if truth.is_conditional else truth.value


@dataclass(frozen=True, slots=True)
class Row:
    """The answers on one region of a network of numbers.

    Attributes
    ----------
    pattern : str
    kind : str
        ``"real"``, ``"lifted"``, ``"impulsive"`` or ``"lifted+impulsive"``: the simplest system.
    lift : int
        Least number of extra coordinates (E5).
    real_odes : str
        How many real ODEs there are: "none", "one", "countable" or "uncountable" (E4).
    unit_eigenvalue : bool
        Whether 1 is an eigenvalue.
    verdicts : mapping of str to bool
        By theorem; None, here and above, if it is unknown.
    """

    pattern: str
    kind: str | None
    lift: int | None
    real_odes: str | None
    unit_eigenvalue: bool | None
    verdicts: Mapping[str, bool | None]

    def to_dict(self) -> dict[str, Any]:
        """Return the answers as a JSON-ready dict.

        >>> Row("10", "real", 0, "one", False, {"E1": True}).to_dict()
        {'pattern': '10', 'kind': 'real', 'lift': 0, 'real_odes': 'one', 'unit_eigenvalue': False, 'verdicts': {'E1': True}}
        """
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers by the names of `CheckReport.counts`."""
        found: dict[str, Answer] = {
            "principal": self.verdicts["E2"],
            "real": self.verdicts["E3"],
            "lifted": None if self.kind is None else "lifted" in self.kind,
            "impulsive": None if self.kind is None else "impulsive" in self.kind,
            "unit_eigenvalue": self.unit_eigenvalue,
            "published_formula": self.verdicts["published formula"],
        }
        return found | {name: None if self.real_odes is None else self.real_odes == word for name, word in HOW_MANY.items()}


@dataclass
class Tally:
    """How many regions have which answers.

    >>> tally = Tally(["principal", "real"])
    >>> tally.add({"principal": False, "real": True})
    >>> tally.add({"principal": True, "real": None})
    >>> tally.counts
    {'principal': 1, 'real': 1, 'unknown': 1}
    """

    questions: Sequence[str]
    regions: int = 0
    unknown: int = 0
    conditional: int = 0
    true: Counter[str] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    hyperbolic: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    not_principal: list[str] = field(default_factory=list)

    def add(self, answers: Mapping[str, Answer]) -> None:
        """Count the answers on one more region."""
        self.regions += 1
        self.true.update(name for name, found in answers.items() if found is True)
        self.undecided.update(name for name, found in answers.items() if found is None)
        self.unknown += None in answers.values()
        self.conditional += CONDITIONAL in answers.values()

    def add_row(self, row: Row) -> None:
        """Count a region, and keep the first patterns that do not meet E2."""
        answers = row.answers
        self.add(answers)
        self.hyperbolic += row.verdicts["E1"] is True
        if row.kind is not None:
            self.kinds[row.kind] += 1
        if answers["principal"] is not True and len(self.not_principal) < limits.TERMINAL_ROWS:
            self.not_principal.append(row.pattern)

    @property
    def counts(self) -> dict[str, int]:
        """In how many regions the answer to each question is yes, and how many have an answer that is unknown."""
        return {name: self.true[name] for name in self.questions} | {"unknown": self.unknown}
