"""Hold the theorems against the regions of a network: all of them, those an orbit visits, or chosen ones.

Reference: docs/theory, sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from itertools import chain, islice
from pickle import dumps, loads
from typing import TYPE_CHECKING, Any

from symplrnn import limits, views
from symplrnn.conditions.simplification import truth_given
from symplrnn.conditions.truth import TRUE, Truth, because
from symplrnn.eigenvalues.counting import NumberSpectrum, RationalSpectrum
from symplrnn.eigenvalues.spectrum import Spectrum, spectra, spectrum
from symplrnn.errors import ShapeError, require_kind
from symplrnn.exact.fields.rational import QQ
from symplrnn.network.network import ReLURNN
from symplrnn.network.orbit import orbit_patterns, start_state
from symplrnn.network.region import Region, every_pattern_has_states, is_nonempty_pattern, most_regions, too_many_regions
from symplrnn.parallel import results_in_order
from symplrnn.progress import counted
from symplrnn.theorems import Verdict, cases_by_number, check_c1, check_e7, check_g1, smallest_lift
from symplrnn.theorems.base import REGION_CHECKS, verdict
from symplrnn.theorems.e7 import E7, representation
from symplrnn.theorems.tally import HOW_MANY, Answer, Row, Tally, answer

if TYPE_CHECKING:
    from symplrnn.eigenvalues.together import SimpleEigenvalues

__all__ = ["CheckReport", "Counted", "RegionCheck", "check", "checked_rows", "counted_report", "decided", "select_regions"]


@dataclass(frozen=True, eq=False, repr=False)
class RegionCheck(views.Shown):
    """The verdicts on one region; ``check["E2"]`` is the verdict on E2.

    Attributes
    ----------
    region : Region
    spectrum : Spectrum
        The exact facts that the verdicts rest on; with letters, as formulas.
    verdicts : mapping of str to Verdict
        By theorem: "E1" to "E6", "published formula"; with letters the last one is decided, but not listed unless asked for.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> found = check(PLRNN(["1/2"], [["-3/4"]], [1])).verdicts["1"]
    >>> found["E3"].truth, found.lift, [hypothesis.name for hypothesis in found["E3"].failed]
    (FALSE, 1, ['negative_blocks_paired'])
    """

    region: Region
    spectrum: Spectrum
    verdicts: Mapping[str, Verdict]

    def __getitem__(self, identifier: str) -> Verdict:
        return self.verdicts[identifier]

    @property
    def principal(self) -> Truth:
        """Whether the spectrum avoids (-inf, 0] (E2)."""
        if isinstance(self.spectrum, NumberSpectrum):  # the verdict would be held for each region that is asked
            return self.spectrum.principal
        return self.verdicts["E2"].truth

    @property
    def real(self) -> Truth:
        """Whether a real ODE of dimension n exists (E3)."""
        return self.verdicts["E3"].truth

    @property
    def unique(self) -> Truth:
        """Whether there is exactly one real ODE (E4)."""
        return self.verdicts["E4"].truth

    @property
    def how_many(self) -> str | None:
        """How many real ODEs there are: "none", "one", "countable" or "uncountable" (E4); None if that depends on letters."""
        return next((number for number, where in self.number_of_odes.items() if where.is_true), None)

    @cached_property
    def number_of_odes(self) -> Mapping[str, Truth]:
        """Where there are no, one, countably many and uncountably many real ODEs: by those words, truths that exclude each other.

        >>> from symplrnn.network import PLRNN
        >>> report = check(PLRNN(["a", 1], [[0, 0], [0, 0]], ["h", 0], parameters={"a": "positive", "h": "real"}))
        >>> report.verdicts["11"].number_of_odes["uncountable"]
        IF(Eq(a, 1) & Eq(h, 0))
        """
        known, found = self.region.network.assumptions, cases_by_number(self.verdicts["E4"])
        return {number: truth_given(where, known) for number, where in found.items()}

    @property
    def lift(self) -> int | None:
        """Least number of extra coordinates (E5), 0 if none is needed; for a singular M that of the flow.

        None if it depends on letters, or may do so.
        """
        return smallest_lift(self.spectrum)

    @property
    def needs_lift(self) -> Truth:
        """Whether some negative eigenvalue has Jordan blocks that do not pair up."""
        return ~self.verdicts["E3"]["negative_blocks_paired"].truth

    @property
    def needs_jump(self) -> Truth:
        """Whether M is singular."""
        return ~self.verdicts["E3"]["invertible"].truth

    @property
    def unit_eigenvalue(self) -> Truth:
        """Whether 1 is an eigenvalue."""
        return ~self.verdicts["E1"]["no_unit_eigenvalue"].truth

    @property
    def diagonalisable(self) -> Truth:
        """Whether M is diagonalisable over the complex numbers."""
        return truth_given(self.spectrum.diagonalisable, self.region.network.assumptions)

    @property
    def stable(self) -> Truth:
        """Whether all eigenvalues of M are inside the unit circle."""
        return truth_given(self.spectrum.stable, self.region.network.assumptions)

    @property
    def published_formula(self) -> Truth:
        """Whether the published block formula gives the right offset."""
        return self.verdicts["published formula"].truth

    def answers(self, published: bool) -> dict[str, Answer]:
        """Return the answers by the names of `CheckReport.counts`; that on the published formula only on request."""
        number = self.number_of_odes
        truths = {
            "principal": self.principal,
            "real": self.real,
            "lifted": self.needs_lift,
            "impulsive": self.needs_jump,
            "unit_eigenvalue": self.unit_eigenvalue,
            **({"published_formula": self.published_formula} if published else {}),
            **{name: number[word] for name, word in HOW_MANY.items()},
        }
        return {name: answer(truth) for name, truth in truths.items()}

    @property
    def row(self) -> Row:
        """The answers as plain data, without evidence; of a network of numbers."""
        verdicts = {name: found.truth.value for name, found in self.verdicts.items()}
        unit = self.unit_eigenvalue.value
        return Row(self.region.pattern, representation(self.spectrum), self.lift, self.how_many, unit, verdicts)


@dataclass(frozen=True, eq=False, repr=False)
class CheckReport(views.AsJSON, views.Shown):
    """The outcome of `check`.

    Attributes
    ----------
    network : ReLURNN
    selection : str
        ``"all"``, ``"visited"``, ``"chosen"``, or ``"none"`` of a network that is too large.
    verdicts : mapping of str to RegionCheck
        By pattern; where they were not kept, each is decided again when it is read.
    published : bool
        Whether the verdict on the published formula is counted and printed.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> report = check(PLRNN(["1/2"], [["-3/4"]], [1]))
    >>> report.summary, report.verdicts["1"]["E2"].truth
    ('legitimate in 1 of 2 regions', FALSE)
    """

    network: ReLURNN
    selection: str
    verdicts: Mapping[str, RegionCheck]
    published: bool = True

    def __repr__(self) -> str:
        return views.cut(f"CheckReport({self.network}, selection={self.selection!r}: {self.summary})")

    @property
    def summary(self) -> str:
        """What the report says, in one sentence; legitimate is a region whose principal ODE exists (E2).

        >>> from symplrnn.network.examples import example
        >>> check(example("kinds")).summary
        'legitimate in 1 of 4 regions'
        """
        return views.summary(self)

    @property
    def checked(self) -> int:
        """Number of regions that were checked."""
        return len(self.verdicts)

    @property
    def total(self) -> int | None:
        """Number of nonempty regions of the network; None if they were not all enumerated."""
        if every_pattern_has_states(self.network):
            return int(2**self.network.p)
        if self.network.faces is None and self.network.field.parameters:  # how many there are depends on the parameters
            return None
        return self.checked if self.selection == "all" else None

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many checked regions are principal (E2), real (E3), lifted, impulsive, have a unit eigenvalue, are unknown.

        ``lifted`` and ``impulsive`` count the regions without a real ODE by what they need instead; a region that needs
        both counts in both. ``published_formula`` counts the regions where the published block formula is right;
        ``unique``, ``countable`` and ``uncountable`` those with so many real ODEs (E4). With letters the published formula is
        counted only where it was asked for.
        With letters, ``conditional`` counts those where an answer depends on the parameters; that answer is counted nowhere else.
        """
        tally = self._tally
        return tally.counts | ({} if self.network.is_rational else {"conditional": tally.conditional})

    @cached_property
    def _tally(self) -> Tally:
        if isinstance(self.verdicts, Counted):
            return self.verdicts.tally
        tally = Tally(_questions(self.published))
        if self.network.field.parameters:
            for found in self.verdicts.values():
                tally.add(found.answers(self.published))
        else:
            for row in _rows(self.verdicts.values()):
                tally.add_row(row)
        return tally

    @property
    def hyperbolic(self) -> int:
        """How many checked regions meet E1."""
        if not self.network.field.parameters:
            return self._tally.hyperbolic
        return sum(found["E1"].truth.is_true for found in self.verdicts.values())

    @property
    def not_principal(self) -> list[str]:
        """The patterns of the first regions that do not meet E2, as many as are printed."""
        if isinstance(self.verdicts, Counted):
            return self.verdicts.tally.not_principal
        failing = (pattern for pattern, found in self.verdicts.items() if not found.principal.is_true)
        return list(islice(failing, limits.TERMINAL_ROWS))

    @cached_property
    def global_verdict(self) -> Verdict:
        """The verdict on G1, as far as the checked regions decide it."""
        # Of all regions that were only counted no minors are held; the matrix of a rational network decides without them.
        if isinstance(self.verdicts, Counted) and self.verdicts.patterns is None and self.network.field is QQ:
            return check_g1(self.network, ())
        return self.global_verdict_by_minors

    @cached_property
    def global_verdict_by_minors(self) -> Verdict:
        """The same by the principal minors in the checked regions; those that are not held are found again."""
        if isinstance(self.verdicts, Counted):
            again = (Region(self.network, pattern) for pattern in counted(self.verdicts, "minors", self.checked))
            found = check_g1(self.network, ((region.pattern, spectrum(region)) for region in again))
        else:
            found = check_g1(self.network, ((pattern, c.spectrum) for pattern, c in self.verdicts.items()))
        return found.given(self.network.assumptions)

    @cached_property
    def continuity_verdict(self) -> Verdict:
        """The verdict on C1: whether the ODE with state switching is continuous everywhere, given G1."""
        return check_c1(self.network, self.global_verdict.truth).given(self.network.assumptions)

    @cached_property
    def grid_verdict(self) -> Verdict | None:
        """The verdict on E7: grid switching is exact, with how many checked regions are of which kind; None with letters.

        >>> from symplrnn.network.examples import example
        >>> check(example("kinds")).grid_verdict["every_region_represented"].evidence
        {'real': 1, 'lifted': 1, 'impulsive': 1, 'lifted+impulsive': 1}
        """
        if self.network.field.parameters:
            return None
        if isinstance(self.verdicts, Counted):
            return verdict(E7, "", {"every_region_represented": because(TRUE, dict(self.verdicts.tally.kinds))})
        return check_e7({pattern: c.spectrum for pattern, c in self.verdicts.items()})

    def to_dict(self, summary: bool = False) -> dict[str, Any]:
        """Return the report as a JSON-ready dict; ``summary=True`` leaves the single regions out."""
        return views.to_dict(self, summary)

    def to_latex(self) -> str:
        """Return the verdict table in LaTeX."""
        return views.latex(self)


def check(
    network: ReLURNN,
    regions: str | Iterable[str] = "all",
    z0: Any = None,
    steps: int | None = None,
    inputs: Any = None,
    progress: Callable[[int, int | None], None] | None = None,
    published: bool = False,
    keep: bool = True,
    executor: Executor | None = None,
) -> CheckReport:
    """Decide E1 to E6 and the published formula, exactly, in each chosen region of a network; with letters, as formulas in them.

    Parameters
    ----------
    network : ReLURNN
    regions : "all", "visited" or patterns
        ``"visited"`` takes the regions of the exact orbit from ``z0`` over ``steps`` steps. ``"all"`` of more than 2^20 regions
        are too many to visit one by one: then the regions are those of the exact orbit over 1000 steps from the network's initial
        state, or none; G1 says whether all 2^n have a principal ODE.
    z0, steps, inputs
        Start state (the network's first initial state if absent), number of steps, inputs: see `ReLURNN.orbit`.
    progress : callable, optional
        Called as ``progress(done, total)`` after each region; total is None while it is not known.
    published : bool
        For a network with letters, count and print the verdict on the published formula, which is a long condition.
    keep : bool
        Whether the report holds the verdicts on each region. If not, it holds the counts, in memory that does not grow with the
        number of regions, and ``report.verdicts[pattern]`` decides the region again. Networks of numbers only.
    executor : concurrent.futures.Executor, optional
        What does the work, such as a ProcessPoolExecutor, or ``Client(...).get_executor()`` of Dask. The report is that of
        ``keep=False``, whatever the executor.

    Returns
    -------
    CheckReport

    Raises
    ------
    PatternError
        For a wrong or empty pattern, or if ``"all"`` may be more than 2^20 regions of a network that is no PLRNN of rational
        numbers and has no initial state.
    EntryError
        For a network with parameters whose verdicts are not to be kept, or are the work of an executor.

    Examples
    --------
    >>> from symplrnn.network import PLRNN
    >>> report = check(PLRNN([1, "1/100"], [[0, 1], [0, 0]], [0, "-0.995"]))
    >>> report.counts["principal"], report.counts["unit_eigenvalue"], report.verdicts["01"]["E1"].truth
    (4, 4, FALSE)

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor() as threads:  # or processes
    ...     report = check(report.network, executor=threads)
    >>> report.counts["principal"], report.verdicts["01"]["E1"].truth
    (4, FALSE)

    Reference: docs/theory, sections 3 and 5.
    """
    require_kind(network, ReLURNN, "check", "a network")
    require_kind(progress, Callable | None, "progress", "a function of two numbers")
    selection, chosen, total = select_regions(network, regions, z0, steps, inputs)
    if executor is not None or not keep:
        rows = chain.from_iterable(checked_rows(network, chosen, executor))
        return counted_report(network, selection, chosen, rows, total, progress)
    found, listed = {}, published or not network.field.parameters
    for checked in counted(_checked(chosen, listed), "regions", total):
        found[checked.region.pattern] = checked
        if progress is not None:
            progress(len(found), total)
    return CheckReport(network, selection, found, listed)


class _Verdicts(Mapping[str, Verdict]):
    """The verdicts on a region; with letters some wait until they are read, and some are not ``listed`` unless it is wanted.

    Where all eigenvalues were counted together with those of other regions no verdict is any work, and all wait.
    """

    def __init__(self, facts: Spectrum, listed: bool) -> None:
        self._facts, self._listed, self._found = facts, listed, dict[str, Verdict]()
        if isinstance(facts, RationalSpectrum) and facts.simple is not None:
            return
        letters = bool(facts.region.network.field.parameters)
        for name, (theorem, _) in REGION_CHECKS.items():
            if theorem.with_letters == "at once" or not letters:
                self._decided(name)

    def __getitem__(self, identifier: str) -> Verdict:
        return self._found[identifier] if identifier in self._found else self._decided(identifier)

    def __repr__(self) -> str:
        return views.cut(", ".join(f"{name}: {found.truth}" for name, found in self._found.items()))

    def _decided(self, identifier: str) -> Verdict:
        _, holds = REGION_CHECKS[identifier]
        found = holds(self._facts).given(self._facts.region.network.assumptions)
        self._found[identifier] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name, (theorem, _) in REGION_CHECKS.items() if self._listed or theorem.with_letters != "on request")

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _checked(regions: Iterable[Region], listed: bool) -> Iterator[RegionCheck]:
    """Yield the verdicts on regions of one network, some of which are looked at together."""
    remaining = iter(regions)
    while chunk := list(islice(remaining, limits.CHUNK_ITEMS)):
        for facts in spectra(chunk):
            yield RegionCheck(facts.region, facts, _Verdicts(facts, listed))


def _questions(published: bool) -> list[str]:
    """Return the questions whose answers are counted, in their order."""
    first = ["principal", "real", "lifted", "impulsive", "unit_eigenvalue"]
    return [*first, *(["published_formula"] if published else []), *HOW_MANY]


@dataclass(frozen=True, eq=False, repr=False)
class Counted(Mapping[str, RegionCheck]):
    """The verdicts on regions that were counted but not held: each is decided again when it is read."""

    network: ReLURNN
    patterns: tuple[str, ...] | None  # None for all
    tally: Tally = field(default_factory=lambda: Tally(_questions(published=True)))

    def __repr__(self) -> str:
        return f"<{len(self)} regions: each is decided again when it is read>"

    def __len__(self) -> int:
        return self.tally.regions

    def __iter__(self) -> Iterator[str]:
        return (region.pattern for region in self.network.regions()) if self.patterns is None else iter(self.patterns)

    def __contains__(self, pattern: object) -> bool:
        if self.patterns is not None:
            return pattern in self.patterns
        return isinstance(pattern, str) and is_nonempty_pattern(self.network, pattern)

    def __getitem__(self, pattern: str) -> RegionCheck:
        if pattern not in self:
            raise KeyError(pattern)
        return next(_checked([Region(self.network, pattern)], listed=True))


def counted_report(
    network: ReLURNN,
    selection: str,
    chosen: Iterable[Region],
    rows: Iterable[Row],
    total: int | None,
    progress: Callable[[int, int | None], None] | None = None,
    known: Iterable[Row] = (),
) -> CheckReport:
    """Return a report that counts the answers on the chosen regions, and holds no verdicts.

    ``rows`` are gone through once, after those that are ``known``, which take no time that would tell how long the others do.
    """
    patterns = tuple(region.pattern for region in chosen) if isinstance(chosen, list) else None
    verdicts = Counted(network, patterns)
    for row in known:
        verdicts.tally.add_row(row)
    for row in counted(rows, "regions", None if total is None else total - verdicts.tally.regions):
        verdicts.tally.add_row(row)
        if progress is not None:
            progress(verdicts.tally.regions, total)
    return CheckReport(network, selection, verdicts)


def checked_rows(network: ReLURNN, chosen: Iterable[Region], executor: Executor | None) -> Iterator[Sequence[Row]]:
    """Yield the answers on the regions of a network of numbers, in their order, some at a time.

    Raises `EntryError` for a network with parameters.
    """
    accepted = "an executor of concurrent.futures, such as Client(...).get_executor() of Dask"
    require_kind(executor, Executor | None, "executor", accepted)
    network.require_numbers("keep=False, executor")
    patterns = (region.pattern for region in chosen)
    return results_in_order(partial(_decided_rows, dumps(network)), patterns, executor)


def _decided_rows(network: bytes, patterns: Sequence[str]) -> list[Row]:
    return list(_rows(decided(network, patterns)))


def _rows(checks: Iterable[RegionCheck]) -> Iterator[Row]:
    """Yield the answers on regions of networks of numbers; those that counts of simple eigenvalues decide, once for equal counts.

    So the other regions with the same counts hold no verdicts, unless these are read.
    """
    by_counts = all(theorem.by_counts for theorem, _ in REGION_CHECKS.values())
    known: dict[SimpleEigenvalues, Row] = {}
    for found in checks:
        counts = found.spectrum.simple if by_counts and isinstance(found.spectrum, RationalSpectrum) else None
        if counts is None or counts.unit:  # where 1 is an eigenvalue, its eigenvector matters too
            yield found.row
            continue
        if counts not in known:
            known[counts] = found.row
        yield replace(known[counts], pattern=found.region.pattern)


def decided(network: bytes, patterns: Sequence[str]) -> Iterator[RegionCheck]:
    """Yield the verdicts on some regions of a pickled network; what a worker process does."""
    return _checked((Region(_unpickled(network), pattern) for pattern in patterns), listed=True)


@lru_cache(maxsize=1)
def _unpickled(network: bytes) -> ReLURNN:
    """Return a network, which is made once in each worker process: reading it takes longer than a region."""
    found: ReLURNN = loads(network)  # noqa: S301  (it was pickled by `checked_rows`)
    return found


def select_regions(
    network: ReLURNN,
    regions: str | Iterable[str],
    z0: Any,
    steps: int | None,
    inputs: Any,
    most: int = limits.REGIONS_FOR_ALL,
) -> tuple[str, Iterable[Region], int | None]:
    """Return the kind of a selection, its regions, and their number if it is known beforehand.

    All are chosen of a network with up to ``most`` regions.
    """
    if regions == "visited":
        patterns = visited_patterns(network, z0, steps, inputs)
        return "visited", [Region(network, pattern) for pattern in patterns], len(patterns)
    if z0 is not None or steps is not None or inputs is not None:
        raise ShapeError('regions: z0, steps and inputs go with regions="visited"')
    if regions == "all":
        many = most_regions(network) > most
        if many and network.initial_states:
            patterns = visited_patterns(network, None, limits.VISITED_STEPS, None)
            return "visited", [Region(network, pattern) for pattern in patterns], len(patterns)
        if many and network.is_plrnn and network.field is QQ:
            return "none", [], 0  # G1 is answered all the same
        if many:
            raise too_many_regions(network, most)
        return "all", network.regions(), 2**network.p if every_pattern_has_states(network) else None
    require_kind(regions, Iterable, "regions", 'patterns such as "10", "all" or "visited"')
    names = [regions] if isinstance(regions, str) else regions
    found = {region.pattern: region for region in map(network.region, names)}
    return "chosen", list(found.values()), len(found)


def visited_patterns(network: ReLURNN, z0: Any, steps: int | None, inputs: Any) -> list[str]:
    """Return the patterns of an exact orbit, each once, in the order of the first visit."""
    start = start_state(network, z0)
    if steps is None:
        raise ShapeError('regions: "visited" needs the number of steps')
    return list(dict.fromkeys(orbit_patterns(network, start, steps, inputs)))
