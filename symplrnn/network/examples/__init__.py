"""The packaged networks, small JSON files with a description each."""

from __future__ import annotations

import json
from importlib.resources import files

from symplrnn.errors import FormatError, require_kind
from symplrnn.network.files.json_ import network_from_json
from symplrnn.network.network import ReLURNN

__all__ = ["descriptions", "example", "source"]


def descriptions() -> dict[str, str]:
    """Return the names of the packaged networks with one line about each.

    >>> sorted(descriptions())
    ['addition', 'addition_letters', 'complex', 'cycle16', 'jordan', 'kinds', 'negative', 'paired', 'singular', 'two_units']
    """
    names = sorted(file.name.removesuffix(".json") for file in files(__package__).iterdir() if file.name.endswith(".json"))
    return {name: json.loads(source(name))["description"] for name in names}


def source(name: str) -> str:
    """Return the JSON text of a packaged network; raise `FormatError` if there is none of that name."""
    require_kind(name, str, "example", "the name of a packaged network")
    file = files(__package__).joinpath(f"{name}.json")
    if not name.isidentifier() or not file.is_file():
        raise FormatError(f"{name}: no such file and no packaged network; packaged are {', '.join(sorted(descriptions()))}")
    return file.read_text(encoding="utf-8")


def example(name: str) -> ReLURNN:
    """Return a packaged network.

    >>> example("addition")
    ReLURNN(n=2, p=2, m=2)
    """
    return network_from_json(source(name))
