"""The option --load of every command that reads a network: what the file does not say, as the keywords of `symplrnn.load`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

__all__ = ["load_option", "loading"]

SAID = "symplrnn.loading"  # where a command keeps what --load says
F = TypeVar("F", bound=Callable[..., Any])


def load_option(command: F) -> F:
    """Add the option; what it says is kept for `loading`."""
    text = "What FILE does not say, such as P=2; see: symplrnn convert --help. May be repeated."
    return click.option("--load", multiple=True, metavar="NAME=VALUE", help=text, expose_value=False, callback=_read)(command)


def loading() -> dict[str, Any]:
    """Return what --load says in the command that runs."""
    found: dict[str, Any] = click.get_current_context().meta.get(SAID, {})
    return found


def _read(context: click.Context, _: click.Parameter, pairs: Sequence[str]) -> None:
    """Keep what --load says."""
    said: dict[str, Any] = {}
    for text in pairs:
        name, equals, value = (part.strip() for part in text.partition("="))
        if name not in READ or not equals or not value:
            raise click.UsageError(f'--load: expected NAME=VALUE with a name among {", ".join(READ)}; got "{text}"')
        if name in said:
            raise click.UsageError(f"--load: {name} is given twice")
        found = READ[name](value)
        if found is None:
            raise click.UsageError(f'--load: {name} is {ACCEPTED_VALUES[READ[name]]}; got "{value}"')
        said[name] = found
    context.meta[SAID] = said


def _switch(text: str) -> bool | None:
    return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower())


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _held(text: str) -> Any:
    """Return the inputs to hold, "1,0" or "0" for zeros; False for "no"."""
    return False if _switch(text) is False else 0 if text == "0" else text.split(",")


READ: dict[str, Callable[[str], Any]] = {
    "kind": str, "P": _count, "clipped": _switch, "thresholds": str, "relu": str, "k": str, "activation": str,
    "hold_inputs": _held, "prefix": str, "decimal": _switch,
}  # fmt: skip
ACCEPTED_VALUES: dict[Callable[[str], Any], str] = {_count: "a whole number", _switch: "true or false"}
