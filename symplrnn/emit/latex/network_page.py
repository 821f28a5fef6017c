r"""The page of a network with letters: the network, where it has an ODE, the one formula of each region, and what to know.

A network whose units do not act on each other in circles has one formula for all regions, in the indicators d_i of units that are
on. The regions of a free network of three units, and of larger ones, are grouped by how many units are on
(`symplrnn.emit.latex.by_core`). Others are printed region by region.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy as sp

from symplrnn import limits
from symplrnn.conditions.formula import ALWAYS, all_formulas, positive
from symplrnn.conditions.simplification import truth_given
from symplrnn.conditions.truth import TRUE, Truth, conditional
from symplrnn.eigenvalues.spectrum import spectrum
from symplrnn.emit.latex.by_core import Core, serves
from symplrnn.emit.latex.cases import NOT_ALL, beyond_block, unlisted_block
from symplrnn.emit.latex.conditions import (
    NO_NAMES,
    Names,
    condition_pieces,
    invariant_names,
    over_one_denominator,
    running_text,
    solved,
)
from symplrnn.emit.latex.entries import diagonal_latex, entry_texts
from symplrnn.emit.latex.equations import is_constant, step_length
from symplrnn.emit.latex.expressions import STEP, formula_latex, if_short, matrix_latex, printed_as
from symplrnn.emit.latex.formula import Formula, coefficients_of_q, region_formula
from symplrnn.emit.latex.layout import align, by_rows, column_parts, line_width, value_lines, width
from symplrnn.emit.latex.notation import Notation
from symplrnn.emit.latex.offset import by_components, components_of
from symplrnn.emit.latex.readable import DEFAULT_DIGITS
from symplrnn.emit.latex.region_page import name_lines, notation_text, spaced
from symplrnn.emit.latex.scalars import Scalars, function_lines, joined
from symplrnn.emit.latex.systems import few_patterns, region_system, region_values
from symplrnn.emit.latex.words import Remark, collected, continuity_sentence
from symplrnn.exact.coupling import blocks
from symplrnn.exact.reading.exponentials import Exponential
from symplrnn.logarithm.named_form import free_symbol
from symplrnn.network.network import ReLURNN
from symplrnn.progress import counted
from symplrnn.systems.piecewise import NetworkODE
from symplrnn.systems.region_ode import RegionODE
from symplrnn.theorems.g1 import check_g1

__all__ = ["network_page"]

CAPTION = r"\caption{For which values a region has the ODE (E2), and, where it has, what is known of its map.}"
CAPTION_ALWAYS = r"\caption{What is known of each region's map.}"
DEPENDS = "depends"  # on a condition that is too long for a table
ELSEWHERE = (
    "Where that fails, a region has a system with extra coordinates or with a jump at each grid time, or a real logarithm that "
    "is not principal."
)


def network_page(ode: NetworkODE, symbols: Notation, cse: bool) -> str:
    """Return the page of a network with letters."""
    network = ode.network
    if network.is_plrnn and "h" not in map(str, network.parameters):  # a letter h is not to be taken for the vector
        symbols = replace(symbols, offset="h")  # that of all regions
    letters = _letters(ode)
    with printed_as({**_decays(ode), **_step(ode)}):
        if ode.patterns is None and serves(network):
            return _by_core(ode, Core(network, letters, symbols), symbols)
        if ode.patterns is None and _is_acyclic(network) and not (where := _all_positive(network)).is_false:
            return _by_indicators(ode, symbols, where)
        return _by_regions(ode, symbols, cse)


def _step(ode: NetworkODE) -> dict[sp.Expr, sp.Expr]:
    """Return how a letter for the length of a step is printed, as in running text, if it is called dt."""
    return {ode.dt: STEP} if ode.dt.is_Symbol and ode.dt.name == "dt" else {}


def _decays(ode: NetworkODE) -> dict[sp.Expr, sp.Expr]:
    """Return names for the exponentials on the diagonal of A, such as a_1 for exp(-dt/tau_1)."""
    diagonal = list(ode.network.A.diagonal())
    distinct = list(dict.fromkeys(x for x in diagonal if isinstance(x, sp.exp) and x.free_symbols))
    stems = {str(s).rstrip("0123456789").rstrip("_") for s in _letters(ode)}
    stem = next(s for s in ("a", "alpha", "rho", "q") if s not in stems)
    named: dict[sp.Expr, sp.Expr] = {}
    for x in distinct:
        name = sp.Symbol(stem if len(distinct) == 1 else f"{stem}_{diagonal.index(x) + 1}", positive=True)
        named |= {x: name, Exponential(x.args[0]): name}
    return named


def _letters(ode: NetworkODE) -> list[sp.Symbol]:
    own = ode.network.parameters
    return [*own, *sorted(ode.dt.free_symbols - set(own), key=str)]


def _is_acyclic(network: ReLURNN) -> bool:
    return network.is_plrnn and max(map(len, blocks(network.exact.A + network.exact.W))) == 1


def _all_positive(network: ReLURNN) -> Truth:
    """Return where the eigenvalues of all regions of a network without circles are positive: entries of A, and of A + W."""
    A, W = network.A, network.W
    values = [x for i in range(network.n) for x in (A[i, i], A[i, i] + W[i, i])]
    return conditional(all_formulas(map(positive, values)))


# The network, and where it has an ODE


def _matrices(ode: NetworkODE) -> str:
    """Return the matrices of a network as a display, and the exponentials that have names."""
    network = ode.network
    whole = network.n > 1 and network.A.is_diagonal()
    values = [("A", diagonal_latex(network.A, None))] if whole else []
    named = [*([] if whole else [("A", network.A)]), ("W", network.W), ("h", network.h)]
    if not network.is_plrnn:
        named += [("V", network.V), ("b", network.b)]
    named += [("C", network.C)] if network.m else []
    for name, matrix in named:
        values += column_parts(name, by_rows(entry_texts(matrix, None), matrix.cols))
    decays = {name: x for x, name in _decays(ode).items() if isinstance(x, sp.exp)}
    with printed_as(_step(ode)):
        values += [(formula_latex(name), formula_latex(x)) for name, x in decays.items()]
    return align(value_lines(values))


def _introduction(ode: NetworkODE, symbols: Notation, core: Core | None = None) -> str:
    """Return the paragraph about the network and its regions."""
    network, z, n = ode.network, symbols.state, ode.network.n
    plain = network.is_plrnn
    drive = rf" + {symbols.input_matrix} {symbols.input}_t" if network.m else ""
    argument = f"{z}_t" if plain else f"V {z}_t + b"
    equation = rf"${z}_{{t+1}} = A {z}_t + W \max(0, {argument}) + h{drive}$"
    signs = _signs(_letters(ode))
    if core is not None and core.canonical:
        a, w = core.a, core.w
        diagonal = ", ".join(f"{a}_{{{i}}}" for i in range(1, n + 1)) if n <= 4 else rf"{a}_1, \dots, {a}_{{{n}}}"
        matrices = rf", $A = \operatorname{{diag}}({diagonal})$, $W = ({w}_{{ij}})$ with ${w}_{{ii}} = 0$, $h = ({core.h}_i)$"
        matrices += f"; {signs}." if signs else "."
    else:
        matrices = " with\n" + _matrices(ode)
        matrices += f"\nHere {signs}." if signs else ""
    if core is not None:
        entries = (
            ""
            if core.canonical
            else rf" We write ${core.a}_i$, ${core.w}_{{ij}}$, ${core.h}_i$ for the entries of $A$, $W$, $h$."
        )
        regions = (
            rf"{entries} In the region where exactly the units in $S$ are positive the map is ${z} \mapsto W_\Omega {z} + h$ "
            r"with $W_\Omega = A + W \operatorname{diag}(d)$, $d_i = 1$ for $i \in S$ and $0$ else; its core is "
            r"$B = (A + W)_{SS}$. Unit $j \notin S$ acts on no other unit."
        )
    else:
        W, h = symbols.name(symbols.matrix, "d"), symbols.name(symbols.offset, "d")
        unit = rf"{z}_i" if plain else rf"(V {z} + b)_i"
        meaning = rf"{W} = A + W \operatorname{{diag}}(d)" + (
            rf"\, V$, ${h} = h + W \operatorname{{diag}}(d)\, b" if not plain else "" if h == "h" else f"$, ${h} = h"
        )
        regions = (
            rf" In the region ${symbols.name(symbols.region, 'd')}$, $d \in \{{0, 1\}}^{{{network.p}}}$ "
            rf"($d_i = 1$ where ${unit} > 0$), the map is ${z} \mapsto {W} {z} + {h}{_drive(network, symbols)}$ with ${meaning}$."
        )
    return rf"\paragraph{{Network.}} {equation}{matrices}{regions}"


def _drive(network: ReLURNN, symbols: Notation) -> str:
    return rf" + {symbols.input_matrix} {symbols.input}" if network.m else ""


def _signs(letters: Sequence[sp.Symbol]) -> str:
    """Return what is assumed of letters: their signs."""
    signs = (
        ("is_positive", "> 0"),
        ("is_negative", "< 0"),
        ("is_nonnegative", r"\ge 0"),
        ("is_nonpositive", r"\le 0"),
        ("is_nonzero", r"\ne 0"),
    )
    found = []
    rest = list(letters)
    for sign, text in signs:
        those = [s for s in rest if getattr(s, sign)]
        rest = [s for s in rest if s not in those]
        if those:
            found.append(f"${', '.join(map(formula_latex, those))} {text}$")
    if rest and found:
        return ", ".join(found) + ", and the other letters are real numbers"
    return ", ".join(found) or ("the letters are real numbers" if rest else "")


def _condition_text(truth: Truth, names: Names = NO_NAMES) -> str | None:
    """Return a condition for running text, relation by relation, so that lines may end between them; None if it is too long."""
    formula = truth.formula
    if formula is None:
        return None
    parts = if_short(lambda: condition_pieces(formula, names, line_width()))
    if parts is None or sum(map(width, parts)) > 4 * line_width():
        return None
    return running_text(parts)


def _continuous(
    ode: NetworkODE, symbols: Notation, condition: str, always: bool, matrix: str, equation: str, every: bool = True
) -> str:
    """Return the paragraph about the ODE and where it holds."""
    z, x = symbols.state, symbols.continuous_state
    step = "" if ode.dt == 1 or _step(ode) else rf" Here $\Delta t = {step_length(ode.dt)}$."
    unit = " Time is in units of $\\Delta t$." if ode.dt == 1 else step
    which = "Every region" if ode.patterns is None and every else "Each of the regions below"
    E2 = rf"no eigenvalue of ${matrix}$ is in $(-\infty, 0]$ (E2)"
    if always:
        first = f"{which} has the real ODE ${equation}$, for all values of the letters: {E2}."
    else:
        first = f"{which} has the real ODE ${equation}$ if and only if {condition}: then {E2}. {ELSEWHERE}"
    held = rf"If the region is held from one grid time to the next, ${x}(k\, \Delta t) = {z}_k$ for every start and for ever."
    continuous = continuity_sentence(ode, symbols)
    return rf"\paragraph{{Continuous time.}} {first} {held}{' ' * bool(continuous)}{continuous}{unit}"


def _equation(ode: NetworkODE, symbols: Notation, pattern: str) -> str:
    x = symbols.continuous_state
    X, y, Y = (symbols.name(t, pattern) if pattern else t.replace("_{<pattern>}", "") for t in symbols.flow(1))
    drive = rf" + {Y}\, {symbols.input}" if ode.network.m else ""
    return rf"\dot{{{x}}} = {X}\, {x} + {y}{drive}"


def _notation(scalars: Sequence[Scalars]) -> list[str]:
    return [rf"\paragraph{{Notation.}} {text}" for text in notation_text(scalars)]


# By cores


def _by_core(ode: NetworkODE, core: Core, symbols: Notation) -> str:
    equation = _equation(ode, symbols, "")
    if ode.dt != 1:
        equation = rf"\Delta t\, {equation}"
    core.scalars.words |= {"phi", "divided"}
    sections = core.sections()
    network = ode.network
    condition, table = core.condition(), []
    if not core.canonical:
        odes = [ode[pattern] for pattern in few_patterns(ode)]
        whole = _whole(ode, [])
        text = None if whole.is_true else _condition_text(whole)
        condition = condition if text is None or len(text) > limits.CELL_CHARACTERS else text
        rows = [(system, NO_NAMES) for system in odes if system.has_formula and system.kind == "real"]
        rows_of_facts = _facts(rows, [], whole, symbols)
        if len(rows) == len(odes) and all(DEPENDS not in row for row in rows_of_facts):
            table = [_tabular(rows_of_facts)]
    inputs = symbols.continuous_input_matrix.replace("_{<pattern>}", "")
    drive = rf" ${inputs}$ is made of the columns of $C$ as $\tilde{{h}}_\Omega$ is of $h$." if network.m else ""
    equilibrium = (
        rf"Where $1$ is no eigenvalue of $W_\Omega$ the equilibrium is "
        rf"${symbols.continuous_state}^* = (I - W_\Omega)^{{-1}} h$; it is one of the network (real) where it lies in the "
        rf"region.{drive}"
    )
    head = r"" if table else r"\paragraph{Equilibria.} "
    parts = [
        _introduction(ode, symbols, core),
        _continuous(ode, symbols, condition, False, r"W_\Omega", equation),
        *_notation([core.scalars]),
        *sections,
        *table,
        head + equilibrium,
    ]
    return "\n\n".join(parts)


# By indicators


def _by_indicators(ode: NetworkODE, symbols: Notation, holds: Truth) -> str:
    """Return the page of a network without circles: M = A + W diag(d) has one formula for all d."""
    network, n = ode.network, ode.network.n
    letters = _letters(ode)
    stem = next(s for s in ("d", "q", "p", "u", "D") if not any(str(x).rstrip("0123456789").rstrip("_") == s for x in letters))
    d = [free_symbol(f"{stem}_{i}", []) for i in range(1, n + 1)]
    M = network.A + network.W * sp.diag(*d)
    options = {} if not network.m else {"C": network.C}
    one = ReLURNN(M, sp.zeros(n, 0).tolist(), list(network.h), V=[], **options)
    system = RegionODE(one.region(""), ode.dt)
    formula = region_formula(system, symbols, NO_NAMES, stem)
    text = _condition_text(holds) or "all eigenvalues below are positive"
    eigenvalues = ", ".join(formula_latex(M[i, i]) for i in range(n))
    facts = (
        rf"The eigenvalues of ${symbols.name(symbols.matrix, stem)}$ are ${eigenvalues}$: $1$ is one where one of them is $1$, "
        "and the region's map is stable where all of them are in $(-1, 1)$."
    )
    W = symbols.name(symbols.matrix, stem)
    equilibrium = (
        rf"Where $1$ is no eigenvalue the equilibrium is ${symbols.continuous_state}^* = (I - {W})^{{-1}} h$; it is one of "
        "the network (real) where it lies in the region."
    )
    intro = _introduction(ode, symbols) if stem == "d" else _introduction(ode, symbols).replace("{d}", f"{{{stem}}}")
    lines = formula.lines(line_width() - 40)
    parts = [
        intro,
        _continuous(ode, symbols, text, holds.is_true, W, _equation(ode, symbols, stem)),
        *_notation([formula.scalars]),
        "\n".join([rf"\paragraph{{All regions.}} With ${stem}_i = 1$ where unit $i$ is on and $0$ else", align(lines)]),
        f"{facts} {equilibrium}",
    ]
    return "\n\n".join(parts)


# Region by region


@dataclass(frozen=True)
class _Printed:
    """A region that is printed: its names for conditions, its formula, and lines that define further symbols in it."""

    ode: RegionODE
    names: Names
    formula: Formula
    lines: tuple[str, ...] = ()


def _by_regions(ode: NetworkODE, symbols: Notation, cse: bool) -> str:
    printed: list[_Printed] = []
    same: list[tuple[str, str]] = []
    others: list[RegionODE] = []
    twins = _Renamings(ode)
    patterns = few_patterns(ode)
    for pattern in counted(patterns, "regions", len(patterns)):
        region = ode[pattern]
        if not region.has_formula or region.kind != "real":
            others.append(region)
            continue
        if twins.has_twin(pattern):
            continue
        twin = next((p for p in printed if p.ode.region.affine.equals(region.region.affine)), None)
        if twin is not None:
            same.append((pattern, twin.ode.region.pattern))
        else:
            printed.append(_region(region, symbols))
    parts = [_introduction(ode, symbols)]
    if printed:
        whole = _whole(ode, others)
        text = _condition_text(whole) or "the conditions in the table hold"
        W = symbols.name(symbols.matrix, "d")
        parts.append(_continuous(ode, symbols, text, whole.is_true, W, _equation(ode, symbols, "d"), not others))
        parts += _notation([p.formula.scalars for p in printed])
        parts += _formulas(printed, same, symbols)
        parts += twins.sentences(symbols)
        parts.append(_table(printed, same, whole, symbols))
    if others:
        parts.append(_without_formula(others, symbols, cse, ode.dt))
    return "\n\n".join(parts)


def _region(region: RegionODE, symbols: Notation) -> _Printed:
    """Return what is printed of a region; of one with numbers alone in its map, or letters in h only, decimals if it is long."""
    names = invariant_names(spectrum(region.region))
    if region.by_columns is None:
        return _Printed(region, names, region_formula(region, symbols, names))
    scalars = Scalars(map(str, region.parameters), names)
    exact, definitions = region_values(region, symbols, None)
    if definitions or sum(len(text) for _, text in exact) > limits.CELL_CHARACTERS:
        exact, definitions = region_values(region, symbols, DEFAULT_DIGITS)
    return _Printed(region, names, Formula([(name, [text]) for name, text in exact], scalars), tuple(definitions))


def _without_formula(others: Sequence[RegionODE], symbols: Notation, cse: bool, dt: sp.Expr) -> str:
    """Return the systems of regions in which some eigenvalue is in (-inf, 0] for all values of the letters."""
    symbols = symbols.apart(others[0].parameters)
    listed = ", ".join(f"${symbols.name(symbols.region, ode.region.pattern)}$" for ode in others)
    parts = [
        rf"\paragraph{{Other regions.}} In {listed} some eigenvalue is in $(-\infty, 0]$ for all values of the letters, and "
        "the system has extra coordinates, a jump at each grid time, or a logarithm that is not principal."
    ]
    remarks: list[Remark] = []
    printed: list[tuple[RegionODE, list[Remark]]] = []
    for ode in others:
        name = f"${symbols.name(symbols.region, ode.region.pattern)}$"
        same = next((pair for pair in printed if pair[0].region.affine.equals(ode.region.affine)), None)
        if same is not None:
            parts.append(_equal_names(ode, same[0], symbols))
            remarks += [replace(remark, region=name) for remark in same[1]]
            continue
        if ode.by_columns is not None:
            parts.append(region_system(ode, symbols, None))
            continue
        block = if_short(lambda: beyond_block(ode, symbols, cse, with_equations=True)) if ode.shown else None  # noqa: B023
        if block is None:
            parts.append(unlisted_block(ode, symbols))
            continue
        parts.append(block[0] if ode.shows_all_kinds else f"{block[0]}\n{NOT_ALL}")
        own = [Remark(each.system, each.reasons, name, each.case) for each in block[1]]
        printed.append((ode, own))
        remarks += own
    return "\n\n".join([*parts, *collected(remarks, symbols, dt)])


def _equal_names(ode: RegionODE, same: RegionODE, symbols: Notation) -> str:
    """Return the equality of the matrices of two regions with the same map."""
    m, jumps = ode.region.network.m, any(case.jump_map is not None for case in ode.shown)
    templates = [*(symbols.jumps(m) if jumps else ()), *(() if all(map(is_constant, ode.shown)) else symbols.flow(m))]
    pairs = [[symbols.name(t, each.region.pattern) for each in (ode, same)] for t in templates]
    return "\\begin{equation*}\n" + r",\quad ".join(f"{new} = {old}" for new, old in pairs) + "\n\\end{equation*}"


class _Renamings:
    """Regions of a network that are alike because the network stays the same when its units are renamed."""

    def __init__(self, ode: NetworkODE) -> None:
        network, n = ode.network, ode.network.n
        self.found: dict[str, tuple[str, tuple[int, ...]]] = {}  # which region another is like, and what becomes of each unit
        if ode.patterns is not None or not network.is_plrnn or network.m or not 3 <= n <= limits.RENAMED_UNITS:
            return
        A, W, h = network.A, network.W, network.h
        for new in itertools.permutations(range(n)):  # unit i becomes new[i]
            if all(A[new[i], new[i]] == A[i, i] and h[new[i]] == h[i] for i in range(n)) and all(
                W[new[i], new[j]] == W[i, j] for i in range(n) for j in range(n)
            ):
                for bits in itertools.product("01", repeat=n):
                    pattern = "".join(bits)
                    other = "".join(pattern[new.index(i)] for i in range(n))
                    if pattern < other and (other not in self.found or pattern < self.found[other][0]):
                        self.found[other] = pattern, new

    def has_twin(self, pattern: str) -> bool:
        """Return whether a region is like one that comes before it."""
        return pattern in self.found

    def sentences(self, symbols: Notation) -> list[str]:
        """Return what is said of the regions that are not printed."""
        if not self.found:
            return []
        groups: dict[tuple[str, tuple[int, ...]], list[str]] = {}
        for other, key in self.found.items():
            groups.setdefault(key, []).append(other)
        texts = []
        for (pattern, new), others in sorted(groups.items()):
            listed = ", ".join(f"${symbols.name(symbols.region, p)}$" for p in sorted(others))
            images = ", ".join(rf"{i} \to {k + 1}" for i, k in enumerate(new, 1) if i != k + 1)
            texts.append(rf"${symbols.name(symbols.region, pattern)}$ becomes {listed} by ${images}$")
        return [
            "The network stays the same if its units are renamed as follows, so that rows and columns of the matrices are "
            f"renamed likewise: {'; '.join(texts)}."
        ]


def _whole(ode: NetworkODE, others: Sequence[RegionODE]) -> Truth:
    """Return where all regions but some others have the ODE: from principal minors if they are all regions (G1)."""
    found, left_out = TRUE, {each.region.pattern for each in others}
    shown = [p for p in few_patterns(ode) if p not in left_out]
    for pattern in shown:
        found = found & ode[pattern].condition
    if found.is_true or ode.patterns is not None or not ode.network.is_plrnn or len(shown) < 2**ode.network.n:
        return found
    minors = check_g1(ode.network, ((p, spectrum(ode[p].region)) for p in shown)).truth
    if minors.formula is None or found.formula is None:
        return found if found.formula is not None else minors
    return min(found, minors, key=lambda truth: (0 if truth.formula is None else len(truth.formula.atoms), len(str(truth))))


def _formulas(printed: Sequence[_Printed], same: Sequence[tuple[str, str]], symbols: Notation) -> list[str]:
    """Return the matrices of all regions, then the definitions that they share."""
    room = line_width() - 60
    named = [p for p in printed if p.formula.scalars.pairs or p.formula.integral is not None]
    plain = [p for p in printed if p not in named]
    parts: list[str] = []
    lines = [line for p in plain for line in [*p.formula.lines(room), *p.lines]]
    m = printed[0].ode.region.network.m
    for new, old in same:
        equal = [f"{symbols.name(t, new)} = {symbols.name(t, old)}" for t in symbols.flow(m)]
        lines.append(equal[0].replace(" = ", " &= ", 1) + "".join(f",\\quad {x}" for x in equal[1:]))
    if lines:
        parts.append(spaced(lines))
    for p in named:
        own = [*p.formula.lines(room), *name_lines(p.formula, p.names, [], room)]
        if p.formula.integral is not None:
            coefficients = coefficients_of_q(p.ode)
            if coefficients is not None:
                own += p.formula.integral.coefficient_lines(coefficients, room)
        parts.append(spaced(own))
    functions = joined(f for p in named for f in p.formula.scalars.functions())
    shared = function_lines(functions, line_width() - 10)
    form = next((p.formula.integral for p in named if p.formula.integral is not None), None)
    if form is not None:
        W = symbols.matrix.replace("_{<pattern>}", "")
        shared += form.lines(printed[0].ode.n, W, room)
    if shared:
        several = len(named) > 1
        head = "In each region" if several else "where"
        parts.append(head + "\n" + spaced(shared))
    return parts


# What to know of the regions


def _table(printed: Sequence[_Printed], same: Sequence[tuple[str, str]], whole: Truth, symbols: Notation) -> str:
    """Return a table of the regions' conditions, and the equilibria."""
    table = _facts([(p.ode, p.names) for p in printed], same, whole, symbols)
    return _tabular(table) + "\n\n" + _equilibria(printed, symbols)


def _facts(
    regions: Sequence[tuple[RegionODE, Names]], same: Sequence[tuple[str, str]], whole: Truth, symbols: Notation
) -> list[list[str]]:
    """Return the rows of a table of what is known of regions where they have the ODE, equal rows as one; the head first."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for system, names in regions:
        facts, known = spectrum(system.region), system.condition.as_formula()
        known = ALWAYS if known is None else known
        answers = [] if whole.is_true else [system.condition]
        answers += [truth_given(truth, known) for truth in (~facts.no_unit, facts.stable, facts.diagonalisable)]
        cells = tuple(_cell(truth, names) for truth in answers)
        pattern = system.region.pattern
        labels = [pattern, *(new for new, old in same if old == pattern)]
        rows.setdefault(cells, []).extend(f"${symbols.name(symbols.region, label)}$" for label in labels)
    head = [*([] if whole.is_true else ["E2"]), "$1$ is an eigenvalue", "stable", "diagonalisable"]
    return [["region", *head], *([", ".join(labels), *cells] for cells, labels in rows.items())]


def _cell(truth: Truth, names: Names) -> str:
    if truth.is_true:
        return "always"
    if truth.is_false:
        return "never"
    text = _condition_text(truth, names)
    return text if text is not None and len(text) < limits.CELL_CHARACTERS else DEPENDS


def _tabular(table: Sequence[Sequence[str]]) -> str:
    """Return a table whose columns are as wide as they need, or share the line in proportion to that; else sentences."""
    page = line_width()
    columns = list(zip(*table, strict=True))
    needed = [max(_cell_width(cell) for cell in column) + 3.0 for column in columns]
    least = [max(_cell_width(part) for cell in column for part in _parts_of_cell(cell)) + 3.0 for column in columns]
    room = page - 12.0 * (len(columns) - 1)
    if sum(least) > room:
        return _in_sentences(table)
    shape = "@{}" + "l" * len(columns) + "@{}"
    if sum(needed) > room:
        shares = [max(low, min(x, room / len(columns))) for low, x in zip(least, needed, strict=True)]
        if sum(shares) > room:
            shares = least
        spare = room - sum(shares)
        wanting = sum(x - s for x, s in zip(needed, shares, strict=True)) or 1.0
        shares = [s + spare * (x - s) / wanting for x, s in zip(needed, shares, strict=True)]
        shape = "@{}" + "".join(rf">{{\raggedright\arraybackslash}}p{{{int(share)}pt}}" for share in shares) + "@{}"
    head, *rows = [" & ".join(row) + r" \\" for row in table]
    lines = [rf"\begin{{tabular}}{{{shape}}}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}"]
    caption = CAPTION if table[0][1] == "E2" else CAPTION_ALWAYS
    stretch = r"\renewcommand{\arraystretch}{1.3}" if any(r"\frac" in row for row in rows) else ""
    above = stretch + r"\setlength{\abovecaptionskip}{0pt}"  # the caption is above the table
    return "\n".join([r"\begin{table}[!htb]", r"\centering" + above, caption, r"\smallskip", *lines, r"\end{table}"])


def _in_sentences(table: Sequence[Sequence[str]]) -> str:
    """Return a table that does not fit a line as sentences, one for each row."""
    [_, *head], *rows = table
    conditional = head[0] == "E2"
    sentences = []
    for label, *cells in rows:
        parts = [] if not conditional else [_said(cells[0], "", "E2")]
        unit, stable, diagonalisable = cells[-3:]
        parts += [
            _said(unit, "$1$ is ", "an eigenvalue"),
            _said(stable, "", "stable"),
            _said(diagonalisable, "", "diagonalisable"),
        ]
        sentences.append(f"{label}: {'; '.join(parts)}.")
    first = r"\paragraph{Each region.}" + (" Of its map, where E2 holds:" if conditional else " Of its map:")
    return "\n\n".join([first, *(rf"\noindent {sentence}" for sentence in sentences)])


def _said(cell: str, before: str, what: str) -> str:
    """Return what a cell says in words: 1 is never an eigenvalue, stable where a < 1."""
    if cell == DEPENDS:
        return f"{before}{what} for some values"
    return f"{before}{cell} {what}" if cell in ("always", "never") else f"{before}{what} where {cell}"


def _parts_of_cell(cell: str) -> list[str]:
    """Return the words and formulas of a cell, between which a line may end."""
    return [part for k, text in enumerate(cell.split("$")) for part in (text.split() if k % 2 == 0 else [f"${text}$"])] or [""]


def _cell_width(text: str) -> float:
    """Return the width of text with formulas in it."""
    parts = text.split("$")
    return sum(width(part) if k % 2 else 4.7 * len(part) for k, part in enumerate(parts))


def _equilibria(printed: Sequence[_Printed], symbols: Notation) -> str:
    x, W = symbols.continuous_state, symbols.name(symbols.matrix, "d")
    h = symbols.name(symbols.offset, "d")
    sentence = rf"Where $1$ is no eigenvalue the equilibrium is ${x}^* = (I - {W})^{{-1}} {h}$"
    end = "it is one of the network (real) where it lies in the region."
    core = [p for p in printed if p.formula.scalars.pairs and p.ode.n == 2]
    if len(core) != 1:
        return f"{sentence}; {end}"
    affine = core[0].ode.region.affine
    difference = affine.field.identity(affine.n) - affine.M
    value, determinant = affine.field.solve(difference, affine.c), affine.field.determinant(difference)
    below, matrix = over_one_denominator(*solved(affine.field, value, determinant, core[0].names))
    shown = matrix.applyfunc(lambda entry: by_components(entry, components_of(core[0].ode)))
    text = ("" if below == 1 else rf"\frac{{1}}{{{formula_latex(below)}}} ") + matrix_latex(shown)
    where = symbols.name(symbols.region, core[0].ode.region.pattern)
    if width(text) > line_width() - 60:
        return f"{sentence}; {end}"
    return f"{sentence}; {end} In ${where}$\n\\begin{{equation*}}\n{x}^* = {text}.\n\\end{{equation*}}"
