"""What objects show and can do by code in a folder above their own: generic functions, attached from above.

A region's ODE has the methods `to_dict`, `lambdify` and `aliases`, but what they do is written in files that import its class.
So a method calls a generic function of this module (`functools.singledispatch`), and the file that knows how registers for the
class: ``views.to_dict.register(RegionODE, region_ode_to_dict)``. To write a new view of an object, or a view of a new object,
is to add such a line; nothing below changes.

Each generic function names the modules that register. They are imported by these names at the first call that finds nothing for
its argument's class, so that ``import symplrnn`` stays cheap.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import singledispatch, wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from symplrnn import limits
from symplrnn.errors import ShapeError

if TYPE_CHECKING:
    from functools import _SingleDispatchCallable

__all__ = [
    "AsJSON",
    "Shown",
    "aliases",
    "brief",
    "certificate",
    "continuity",
    "crossings",
    "cut",
    "dumped",
    "dumps",
    "equilibria",
    "export",
    "face",
    "float_orbit",
    "lambdify",
    "latex",
    "notebook",
    "simulator",
    "summary",
    "to_dict",
    "transitions",
]

T = TypeVar("T")
LONG = 200_000


def attached(*homes: str) -> Callable[[Callable[..., T]], _SingleDispatchCallable[T]]:
    """Make a generic function whose implementations are registered by the modules ``homes``; what is decorated refuses others."""

    def generic(refuse: Callable[..., T]) -> _SingleDispatchCallable[T]:
        @wraps(refuse)
        def first(value: Any, *arguments: Any, **options: Any) -> T:
            for home in homes:
                import_module(home)
                found = view.dispatch(type(value))
                if found is not first:
                    return found(value, *arguments, **options)
            return refuse(value, *arguments, **options)

        view = singledispatch(first)
        return view

    return generic


@attached("symplrnn.emit.json_", "symplrnn.emit.faces_json", "symplrnn.emit.transitions")
def to_dict(value: Any, *_: Any, **__: Any) -> dict[str, Any]:
    """Return a value as a JSON-ready dict: a report, the ODE of a region, a face.

    >>> from symplrnn.derivation import derive
    >>> from symplrnn.network import PLRNN
    >>> to_dict(derive(PLRNN(["1/2"], [["1/4"]], [1]).region("1"), dt=1), 6)["digits"]["matrix"]
    [['-0.287682']]
    >>> to_dict("text")
    Traceback (most recent call last):
    ...
    symplrnn.errors.ShapeError: to_dict: a str has no JSON form; accepted are reports, ODEs of regions and faces
    """
    raise ShapeError(f"to_dict: a {type(value).__name__} has no JSON form; accepted are reports, ODEs of regions and faces")


@attached("symplrnn.emit.latex.dispatch")
def latex(value: Any, *_: Any) -> str:
    """Return LaTeX for a value, with symbols, a number of digits, and whether to name what occurs often; see `symplrnn.latex`."""
    raise ShapeError(f"latex: a {type(value).__name__} has no LaTeX form; accepted are networks, regions, reports and ODEs")


@attached("symplrnn.emit.notebook")
def notebook(value: Any) -> dict[str, str]:
    """Return what a notebook shows of a value, by MIME type: "text/latex" or "text/html"."""
    return {}


@attached("symplrnn.emit.summary")
def summary(value: Any) -> str:
    """Return what a report says, in one sentence; see `CheckReport.summary`."""
    raise ShapeError(f"summary: a {type(value).__name__} has none; accepted are reports")


@attached("symplrnn.emit.fields.backends")
def lambdify(value: Any, *_: Any) -> Any:
    """Return the vector field f(t, z) of a region or a network in double precision; see `NetworkODE.lambdify`."""
    raise ShapeError(f"lambdify: a {type(value).__name__} is no vector field; accepted are ODEs of regions and networks")


@attached("symplrnn.certificate.write")
def certificate(value: Any) -> dict[str, Any]:
    """Return the certificate of the ODE of a region or a network; see `NetworkODE.certificate`."""
    raise ShapeError(f"certificate: a {type(value).__name__} has none; accepted are ODEs of regions and networks")


@attached("symplrnn.emit.export.writer")
def export(value: Any, *_: Any) -> str:
    """Return the text of a file that simulates a network's ODE in another language; see `NetworkODE.export`."""
    raise ShapeError(f"export: a {type(value).__name__} cannot be exported; accepted are ODEs of networks")


@attached("symplrnn.systems.aliases")
def aliases(value: Any, *_: Any) -> Any:
    """Return the real ODE that turns more often per step than the one of a region or a case; see `RegionODE.aliases`."""
    raise ShapeError(f"aliases: a {type(value).__name__} has no aliases; accepted are ODEs of regions, and cases of them")


@attached("symplrnn.systems.continuity")
def continuity(value: Any) -> Any:
    """Return whether the field of a network's ODE is continuous; see `NetworkODE.is_continuous`."""
    raise ShapeError(f"is_continuous: a {type(value).__name__} has no faces; accepted are ODEs of networks")


@attached("symplrnn.dynamics.simulation")
def simulator(value: Any) -> Any:
    """Return what simulates the ODE of a network; see `NetworkODE.simulate`."""
    raise ShapeError(f"simulate: a {type(value).__name__} cannot be simulated; accepted are ODEs of networks")


@attached("symplrnn.dynamics.orbits")
def float_orbit(value: Any, *_: Any) -> Any:
    """Return the orbit of a network in double precision; see `ReLURNN.orbit`."""
    raise ShapeError(f"orbit: a {type(value).__name__} has none; accepted are networks")


@attached("symplrnn.dynamics.crossing")
def crossings(value: Any, *_: Any) -> Any:
    """Return the crossing certificates of an orbit of a network's ODE; see `symplrnn.crossings`."""
    raise ShapeError(f"crossings: a {type(value).__name__} has none; accepted are ODEs of networks")


@attached("symplrnn.dynamics.faces.face")
def face(value: Any, *_: Any) -> Any:
    """Return the two fields at a face of a network's ODE; see `symplrnn.face_field`."""
    raise ShapeError(f"face: a {type(value).__name__} has no faces; accepted are ODEs of networks")


@attached("symplrnn.dynamics.transitions")
def transitions(value: Any, *_: Any) -> Any:
    """Return the graph of transitions between the regions of a network; see `ReLURNN.transitions`."""
    raise ShapeError(f"transitions: a {type(value).__name__} has none; accepted are networks")


@attached("symplrnn.systems.equilibria")
def equilibria(value: Any, *_: Any) -> Any:
    """Yield the equilibria of the regions of a network; see `ReLURNN.equilibria`."""
    raise ShapeError(f"equilibria: a {type(value).__name__} has none; accepted are networks")


def dumps(value: Any) -> str:
    """Return a JSON document, indented unless it is long (indenting is slow, and nobody reads a megabyte)."""
    text = json.dumps(value, allow_nan=False)
    return text if len(text) > LONG else json.dumps(value, indent=2, allow_nan=False)


def dumped(head: Mapping[str, Any], name: str, items: Iterable[str]) -> Iterator[str]:
    """Yield, in pieces, the document that `dumps` returns of a dict that ends with a list; its items are JSON documents.

    >>> "".join(dumped({"one": 1}, "more", ["2", "[3]"])) == dumps({"one": 1, "more": [2, [3]]})
    True
    """
    held = [json.dumps(dict(head), allow_nan=False)[:-1] + f', "{name}": [']
    length, between = len(held[0]), ""
    for item in items:
        held.append(between + item)
        length, between = length + len(held[-1]), ", "
        if length > LONG:
            yield "".join(held)
            held = []
    text = "".join([*held, "]}"])
    yield text if length + 2 > LONG else dumps(json.loads(text))


class AsJSON(ABC):
    r"""An object that is a JSON document, given that it is a JSON-ready dict.

    >>> class Example(AsJSON):
    ...     def to_dict(self, digits=3):
    ...         return {"digits": digits}
    >>> Example().to_json(4)
    '{\n  "digits": 4\n}'
    """

    @abstractmethod
    def to_dict(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Return the object as a JSON-ready dict."""

    def to_json(self, *arguments: Any, **options: Any) -> str:
        """Return `to_dict`, which has the same arguments, as a JSON document."""
        return dumps(self.to_dict(*arguments, **options))


class Shown:
    """A dataclass that shows itself in a session and in a notebook, without printing too much.

    Its ``repr`` is that of dataclasses, but for long fields: their ends are left out.

    >>> from dataclasses import dataclass
    >>> @dataclass(repr=False)
    ... class Example(Shown):
    ...     pattern: str
    ...     numbers: tuple
    >>> Example("10", (1, 2))
    Example(pattern='10', numbers=(1, 2))
    >>> Example("10", tuple(range(1000)))
    Example(pattern='10', numbers=<1000: 0, 1, 2, ...>)
    """

    def __repr__(self) -> str:
        shown = ", ".join(f"{f.name}={brief(getattr(self, f.name))}" for f in fields(self) if f.repr)  # type: ignore[arg-type]
        return cut(f"{type(self).__name__}({shown})")

    def _repr_latex_(self) -> str | None:
        """Return what a notebook shows, if it is a formula."""
        found: str | None = notebook(self).get("text/latex")
        return found

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows, if it is a table."""
        found: str | None = notebook(self).get("text/html")
        return found


def brief(value: Any) -> str:
    """Return the ``repr`` of a field; of a long one its beginning, of many items the number of them and the first three."""
    if isinstance(value, tuple | list | Mapping) and len(value) > limits.ITEMS_SHOWN:
        items = [brief(x) for x in list(value)[:3]]
        return f"<{len(value)}: {', '.join(items)}, ...>"
    return cut(repr(value), limits.FIELD_CHARACTERS)


def cut(text: str, length: int = limits.REPR_CHARACTERS) -> str:
    """Return a text, or its beginning with its length if it is longer than that.

    >>> cut("1234567890" * 3, 20)
    '1234567890... (30 characters)'
    """
    if len(text) <= length:
        return text
    end = f"... ({len(text)} characters)"
    return text[: max(length - len(end), length // 2)] + end
