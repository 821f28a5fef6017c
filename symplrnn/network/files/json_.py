"""Networks in JSON. A number is taken as the decimal that it is written as, so 0.1 is 1/10."""

from __future__ import annotations

import json
from typing import Any

from symplrnn import limits
from symplrnn.errors import FormatError
from symplrnn.network.files.near_misses import listed, near_miss
from symplrnn.network.in_files import NOTHING_SAID, Choices
from symplrnn.network.network import ReLURNN
from symplrnn.network.plrnn import PLRNN

__all__ = ["network_from_json"]

REQUIRED = ("A", "W", "h")
OPTIONAL = ("V", "b", "C", "dt", "names", "initial_states", "parameters", "description")


def network_from_json(text: str | bytes, choices: Choices = NOTHING_SAID) -> ReLURNN:
    """Return the network that a JSON document describes; it says all by itself, and its numbers are decimals.

    >>> network_from_json('{"A": [0.1], "W": [["1/3"]], "h": [0]}').A
    Matrix([[1/10]])
    >>> network_from_json('{"A": [0.1], "W": [[0]]}')
    Traceback (most recent call last):
    ...
    symplrnn.errors.FormatError: the key "h" is missing; the document holds "A", "W"; a network has A, W, h and optionally
    V, b, C, dt, names, initial_states, parameters, description

    Letters are declared with their assumptions and used in expressions:

    >>> network_from_json('{"A": ["a"], "W": [["w - 1"]], "h": [0], "parameters": {"a": "positive", "w": "real"}}').parameters
    (a, w)
    """
    if choices.given():
        raise FormatError(f"{', '.join(choices.given())}: not for JSON, which says all by itself")
    commas = text.count(",") if isinstance(text, str) else text.count(b",")
    if commas > 2 * limits.NETWORK_ENTRIES:  # counted before they become as many objects
        raise FormatError(f"{commas} commas; accepted are networks of up to {limits.NETWORK_ENTRIES} entries")
    try:
        # Numbers stay the text that they were, for the exact parser; NaN and Infinity become floats, which it refuses.
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=float, object_pairs_hook=_without_repeats)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"not valid JSON: {error}") from error
    except RecursionError as error:
        raise FormatError("not valid JSON: nested too deeply") from error
    return build(document)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object as a dict; refuse a key that is given twice, of which `json` would keep the last."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FormatError(f"the key {json.dumps(key[:40])} is given twice in one object")
        found[key] = value
    return found


def build(document: Any) -> ReLURNN:
    """Return the network with these named parameters; raise `FormatError` for missing or unknown names."""
    accepted = f"a network has {', '.join(REQUIRED)} and optionally {', '.join(OPTIONAL)}"
    if not isinstance(document, dict):
        raise FormatError(f"expected an object with named parameters; {accepted}")
    for key in REQUIRED:
        if key not in document:
            found = listed(_text(name, value) for name, value in document.items())
            raise FormatError(f'the key "{key}" is missing; the document holds {found}{near_miss(key, document)}; {accepted}')
    for key in document:
        if key not in REQUIRED + OPTIONAL:
            meant = next((near_miss(known, [key]) for known in REQUIRED + OPTIONAL if near_miss(known, [key])), "")
            raise FormatError(f"the key {json.dumps(key[:40])} is unknown{meant}; {accepted}")
    names = document.get("names")
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise FormatError("names: expected a list of texts")
    if document.get("initial_states", ()) is None:
        document = {key: value for key, value in document.items() if key != "initial_states"}
    kind = PLRNN if document.get("V") is None else ReLURNN
    return kind(**{key: value for key, value in document.items() if key != "description"})


def _text(name: str, value: Any) -> str:
    """Return a key of the document, with the keys inside if it is an object."""
    inside = f" (an object with {', '.join(map(json.dumps, value))})" if isinstance(value, dict) else ""
    return json.dumps(name) + inside
