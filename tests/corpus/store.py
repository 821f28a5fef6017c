"""The file of answers: one JSON document, with one line for each network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.corpus.answers import answers, values_in
from tests.corpus.compare import DIFFERS, Difference, differences
from tests.corpus.networks import Network

FILE = Path(__file__).with_name("answers.json")


def line(network: Network, found: dict[str, Any]) -> str:
    """Return the line of a network."""
    entry = {"digest": network.digest, **found}
    return f"{json.dumps(network.name)}: {json.dumps(entry, sort_keys=True, separators=(',', ':'))}"


def write(lines: Iterable[str]) -> None:
    """Write the file."""
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def known() -> dict[str, Any]:
    """Return the answers that are written, by the names of the networks."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def network_differences(network: Network, old: dict[str, Any]) -> list[Difference]:
    """Return how the answers to a network differ from those that are written."""
    if network.name not in old:
        return [Difference(DIFFERS, (), "no network of that name", network.name)]
    before = dict(old[network.name])
    digest = before.pop("digest")
    if digest != network.digest:
        return [Difference(DIFFERS, ("digest",), "another network of that name", network.spec)]
    now = json.loads(json.dumps(answers(network, values_in(before)), sort_keys=True))
    return differences(before, now)
