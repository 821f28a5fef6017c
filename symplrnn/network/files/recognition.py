"""Which class of network the variables of a file are, and the network itself.

A variable of a state dict has the path of its module before its name, one in a MATLAB struct the name of the struct; both are
prefixes. A class is recognised where all names that it needs stand behind one prefix. Of two classes the one that needs more
variables is meant. What the variables do not tell is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from symplrnn import limits
from symplrnn.errors import FormatError
from symplrnn.network import alrnn, dendritic, plrnn, rate, shallow
from symplrnn.network.files.arrays import contents, dense, shape_text, start_states
from symplrnn.network.files.floats import exact_floats
from symplrnn.network.files.near_misses import listed, near_miss
from symplrnn.network.in_files import NOTHING_SAID, Choices, InFiles
from symplrnn.network.network import ReLURNN
from symplrnn.network.plrnn import PLRNN
from symplrnn.network.suspicious import warn

__all__ = ["is_wanted", "network_from_arrays", "network_from_state"]

CLASSES = (plrnn.IN_FILES, alrnn.IN_FILES, shallow.IN_FILES, dendritic.IN_FILES, rate.IN_FILES, rate.IN_TORCH)
OWN_NEEDED = ("A", "W", "h")
OWN = (*OWN_NEEDED, "V", "b", "C", "dt", "mu0")
KNOWN = {x for kind in CLASSES for x in kind.spellings} | {*OWN, "AW", "P"}
MATRICES = {"W", "W1", "W2", "thetas", "C"}
# Parameters of the models that say nothing about the step: observations, noise, start states.
BESIDE = {"B", "D", "mu0", "z0", "h0", "R_x", "R_z", "R_z0", "W_out", "b_out", "init_state", "sigma"}
OF_LEAKY = {"R_x", "R_z", "R_z0"}  # the variational code of the dendritic PLRNN, whose ReLUs leak
OTHER_LAYERS = ("weight_hh_l1", "weight_hh_l0_reverse")
CLASSES_IN_WORDS = (
    "A, W, h (a PLRNN, with P an AL-RNN; AW for A and W); A, W1, W2, h1, h2 (shallow); A, W, h, alphas, thetas (dendritic); "
    "W_rec or h2h.weight (a rate network); weight_hh_l0 (torch.nn.RNN)"
)


def is_wanted(name: str) -> bool:
    """Return whether a variable may be a part of a network, so that its numbers are read.

    >>> is_wanted("A"), is_wanted("model.latent_step.AW"), is_wanted("optimizer.exp_avg")
    (True, True, False)
    """
    return _split(name)[1] in KNOWN and name.isprintable() and len(name) <= limits.VARIABLE_NAME


def network_from_arrays(arrays: Mapping[str, Any], choices: Choices = NOTHING_SAID) -> ReLURNN:
    """Return the network with these arrays, of a file that has the form of this package or holds one of the other classes.

    A is a matrix, or a vector of any orientation for a diagonal one; an all-zero C means no inputs; optional variables may be
    MATLAB's empty ``[]``; mu0 holds start states: a vector, the columns of a matrix, or a list (a cell) of vectors.

    >>> network_from_arrays({"A": np.array([[0.5, 0.25]]), "W": np.zeros((2, 2)), "h": np.zeros(2)}).A
    Matrix([
    [1/2,   0],
    [  0, 1/4]])
    >>> network_from_arrays({"A": np.ones(1), "W1": np.ones((1, 1)), "h1": np.ones(1)})
    Traceback (most recent call last):
    ...
    symplrnn.errors.FormatError: the variable W is missing; the file holds A (length 1), W1 (1 x 1), h1 (length 1); a network ...
    """
    names, split = _with_split(arrays)
    found = _candidates(names, choices)
    if not found and choices.kind in (None, "plrnn") and (missing := next((x for x in OWN_NEEDED if x not in arrays), None)):
        raise FormatError(
            f"the variable {missing} is missing; the file holds {contents(arrays)}{near_miss(missing, arrays)}; "
            f"a network has {', '.join(OWN_NEEDED)} and optionally {', '.join(OWN[3:])}; or {CLASSES_IN_WORDS}"
        )
    kind, prefix, match = _chosen(found, arrays, choices, split, own=True)
    inside = {name.removeprefix(prefix): value for name, value in names.items() if name.startswith(prefix)}
    if kind.kind == "plrnn" and choices.kind is None and (P := _whole_number(inside.get("P"))) is not None:
        kind, choices = alrnn.IN_FILES, replace(choices, P=P)
    if kind.kind == "plrnn":
        _refuse_choices(kind, choices)
        return _own_form(inside, choices)
    if general := [
        name for name in ("V", "b") if kind.kind == "alrnn" and isinstance(inside.get(name), np.ndarray) and inside[name].size
    ]:
        raise FormatError(f"{', '.join(general)}: not for {kind.what}, which P makes it; leave out {' and '.join(general)}, or P")
    return _built(kind, match, names, choices, _time_and_states({**arrays, **inside}, choices))


def network_from_state(
    state: Mapping[str, Any], choices: Choices = NOTHING_SAID, hints: Mapping[str, Mapping[str, Any]] | None = None
) -> ReLURNN:
    """Return the network whose parameters a state dict holds; ``hints`` are what its modules say, by their prefixes.

    Parameters beside those of the class are refused, unless they are known to say nothing about the step or ``kind`` is given.

    >>> state = {"cell.A": np.array([0.5]), "cell.W": np.ones((1, 1)), "cell.h": np.zeros(1)}
    >>> network_from_state(state, Choices(kind="plrnn"))
    ReLURNN(n=1, p=1, m=0)
    >>> network_from_state(state)
    Traceback (most recent call last):
    ...
    symplrnn.errors.FormatError: A, W, h are a PLRNN or an AL-RNN; the file does not say which: give kind="plrnn", or P (the ...
    """
    names, split = _with_split(state)
    found = _candidates(names, choices)
    for kind, prefix, _ in found:
        said = {"P": _whole_number(state.get(f"{prefix}P")), **(hints or {}).get(prefix, {})}
        choices = replace(choices, **{
            key: value for key, value in said.items()
            if getattr(choices, key) is None and key in (*kind.choices, "activation")
        })  # fmt: skip
    kind, prefix, match = _chosen(found, state, choices, split)
    if choices.kind is None:
        _refuse_others(kind, prefix, state)
    if any(_split(name)[1] in OF_LEAKY for name in state):
        choices.ask(f"{kind.what} with R_x, R_z, R_z0, where published code has leaky ReLUs", "activation")
    return _built(kind, match, names, choices, {})


Candidate = tuple[InFiles, str, dict[str, str]]


def _with_split(arrays: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Return the variables with A, the diagonal, and W, the rest, in the place of each AW; and the prefixes of these."""
    found: dict[str, Any] = {}
    split = set()
    for name, value in arrays.items():
        path, short = _split(name)
        if (
            short != "AW"
            or not is_wanted(name)
            or f"{path}A" in arrays
            or f"{path}W" in arrays
            or not isinstance(value, np.ndarray)
        ):
            found[name] = value
            continue
        both = dense(value, name)
        if both.ndim != 2 or both.shape[0] != both.shape[1]:
            raise FormatError(f"{name}: expected a square matrix, got an array of shape {shape_text(both.shape)}")
        rest = both.copy()
        np.fill_diagonal(rest, 0)
        found[f"{path}A"], found[f"{path}W"] = both.diagonal(), rest
        split.add(path)
    return found, split


def _split(name: str) -> tuple[str, str]:
    """Return the prefix of a variable, with its dot, and the name that a class may know.

    >>> _split("model.AW"), _split("rnn.h2h.weight"), _split("A")
    (('model.', 'AW'), ('rnn.', 'h2h.weight'), ('', 'A'))
    """
    parts = name.split(".")
    length = 2 if ".".join(parts[-2:]) in KNOWN else 1
    path = ".".join(parts[:-length])
    return f"{path}." if path else "", ".".join(parts[-length:])


def _candidates(names: Mapping[str, Any], choices: Choices) -> list[Candidate]:
    """Return the classes that are recognised, with their prefixes, but for those that need less than another one there."""
    groups: dict[str, dict[str, str]] = {}
    for name in names:
        path, short = _split(name)
        if is_wanted(name):
            groups.setdefault(path, {})[short] = name
    found: list[Candidate] = []
    for path, group in groups.items():
        if choices.prefix is not None and path.rstrip(".") != choices.prefix.rstrip("."):
            continue
        here = [(kind, match) for kind in CLASSES if (match := kind.found(group)) is not None]
        needed = [{match[role] for role in kind.needed} for kind, match in here]
        found += [
            (kind, path, match)
            for (kind, match), own in zip(here, needed, strict=True)
            if choices.kind == kind.kind or (choices.kind is None and not any(own < other for other in needed))
        ]
    return found


def _chosen(found: list[Candidate], arrays: Mapping[str, Any], choices: Choices, split: set[str], own: bool = False) -> Candidate:
    """Return the one class that is meant; ask if there are several. Files of the ``own`` form with A, W, h are PLRNNs."""
    if not found:
        wanted = "a network" if choices.kind is None else next(x.what for x in CLASSES if x.kind == choices.kind)
        where = "" if choices.prefix is None else f" behind the prefix {choices.prefix[:40]}"
        raise FormatError(f"{wanted} is not found{where}; the file holds {contents(arrays)}; accepted are {CLASSES_IN_WORDS}")
    prefixes = list(dict.fromkeys(path.rstrip(".") for _, path, _ in found))
    if len(prefixes) > 1:
        raise FormatError(f"the file holds networks behind several prefixes: give prefix, one of {listed(map(repr, prefixes))}")
    kinds = {candidate[0].kind: candidate for candidate in found}
    if set(kinds) == {"plrnn", "alrnn"}:
        if choices.P is not None:
            return kinds["alrnn"]
        if own or kinds["plrnn"][1] in split:
            return kinds["plrnn"]
        raise FormatError(
            'A, W, h are a PLRNN or an AL-RNN; the file does not say which: give kind="plrnn", or P (the number of rectified '
            "states, the last ones)"
        )
    if len(kinds) > 1:
        raise FormatError(
            f"the file may hold {' or '.join(kind.what for kind, _, _ in found)}: give kind, one of {', '.join(kinds)}"
        )
    return found[0]


def _refuse_others(kind: InFiles, prefix: str, state: Mapping[str, Any]) -> None:
    """Refuse parameters beside those of a class, which may change its step."""
    known = kind.spellings | BESIDE | {"AW", "P"}
    beside = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
    strange = {name: value for name, value in beside.items() if name not in known and ("." not in name or "norm" in name.lower())}
    if any(name in OTHER_LAYERS for name in beside):
        raise FormatError(
            "a torch.nn.RNN of several layers or of two directions: the ReLU of one layer is inside of that of the next in the "
            "same step, which is not of the form z -> A z + W relu(V z + b) + h"
        )
    if strange:
        raise FormatError(
            f"{kind.what}, but the file also holds {contents(strange)}, which may change the step; if not, give "
            f'kind="{kind.kind}" to read the network without'
        )


def _refuse_choices(kind: InFiles, choices: Choices) -> None:
    """Refuse what is said about a network that is of another class."""
    wrong = [name for name in choices.given() if name not in (*kind.choices, "kind", "prefix", "activation")]
    if wrong:
        raise FormatError(f"{', '.join(wrong)}: not for {kind.what}, which the file holds")


def _built(
    kind: InFiles, match: Mapping[str, str], names: Mapping[str, Any], choices: Choices, options: Mapping[str, Any]
) -> ReLURNN:
    """Return the network of a class with these variables of a file."""
    _refuse_choices(kind, choices)
    parts = {}
    for role, name in match.items():
        array = dense(names[name], name)
        if role == "C" and array.size == 0:
            continue
        if role in MATRICES and (array.ndim != 2 or 0 in array.shape):
            raise FormatError(f"{name}: expected a matrix, got an array of shape {shape_text(array.shape)}")
        if role not in MATRICES and role != "A" and array.ndim > 1 and 1 not in array.shape:
            raise FormatError(f"{name}: expected a vector, got an array of shape {shape_text(array.shape)}")
        parts[role] = exact_floats(array if array.ndim else array[None], choices.decimal)
    return kind.build(parts, choices, **options)


def _own_form(arrays: Mapping[str, Any], choices: Choices) -> ReLURNN:
    """Return the network whose matrices have the names of this package."""
    given = {key: dense(arrays[key], key) for key in OWN[:-2] if key in arrays}
    for key in ("V", "b", "C"):
        # A network without units has an empty V, which says something.
        if key in given and given[key].size == 0 and not (key in ("V", "b") and given["W"].size == 0):
            del given[key]
    if "C" in given and not given["C"].any():
        del given["C"]
    options = {key: exact_floats(value, choices.decimal) for key, value in given.items()} | _time_and_states(arrays, choices)
    return (ReLURNN if "V" in given else PLRNN)(**options)


def _time_and_states(arrays: Mapping[str, Any], choices: Choices) -> dict[str, Any]:
    """Return the keywords of a network for dt and mu0."""
    found: dict[str, Any] = {"initial_states": start_states(arrays["mu0"], choices.decimal) if "mu0" in arrays else ()}
    if "dt" not in arrays:
        if miss := near_miss("dt", arrays):
            warn(f"the file has no dt{miss}")
        return found
    time = dense(arrays["dt"], "dt")
    if time.size > 1:
        raise FormatError(f"dt: expected one number, got an array of shape {shape_text(time.shape)}")
    return found | {"dt": exact_floats(time.ravel(), choices.decimal)[0]} if time.size else found


def _whole_number(value: Any) -> int | None:
    """Return the number of rectified states that a variable gives; None if it is no number, but something else named P."""
    if not isinstance(value, np.ndarray) or value.size != 1 or value.dtype.kind not in "iuf":
        return None
    number = float(value.ravel()[0])
    return int(number) if number.is_integer() else None
