"""How files say what network they hold: the variables of a class of network, and what a file leaves open.

A class of network says here by which names its matrices go in published code, and builds the network from them. What the
variables do not tell, such as the sign of thresholds, is asked for and never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from symplrnn.errors import FormatError
from symplrnn.network.network import ReLURNN

__all__ = ["KINDS", "NOTHING_SAID", "Choices", "InFiles"]

KINDS = ("plrnn", "alrnn", "shallow", "dendritic", "rate", "rnn")
ACCEPTED = {
    "kind": f"one of {', '.join(KINDS)}",
    "P": "the number of rectified states, the last ones",
    "clipped": "True or False: whether relu of the argument without threshold is subtracted",
    "thresholds": '"add" or "subtract": relu(z + theta) or relu(z - theta)',
    "relu": '"state": (1-k) z + k (W relu(z) + b), "drive": (1-k) z + k relu(W z + b), "sum": relu((1-k) z + k (W z + b))',
    "k": 'the leak dt/tau, such as "1/5"',
    "activation": '"relu" if it is the ReLU; torch.nn.RNN has tanh unless it is told',
    "hold_inputs": "a vector or 0 to hold the inputs at, or False for states that are what the ReLU takes",
    "prefix": "what stands before the names",
}

VALUES = {
    "kind": KINDS, "clipped": (False, True), "thresholds": ("add", "subtract"), "relu": ("state", "drive", "sum"),
    "decimal": (False, True),
}  # fmt: skip
NOT_LINEAR = "is not piecewise linear, so that the theorems do not apply"
REFUSED = {
    "leaky_relu": "leaky ReLUs are not read; with slope a, W leaky(V z + b) = (1-a) W relu(V z + b) + a W (V z + b): "
    "use ReLURNN(A + a*W*V, (1-a)*W, h + a*W*b, V=V, b=b)",
    "mean_centring": "networks that centre z before the ReLU are not read; use ReLURNN(A, W, h, V=V, b=b) with V = I - 1/n",
    "clip_range": "networks that clip their states to a range are not read: the step is a ReLU of a ReLU, which is not of the "
    "form z -> A z + W relu(V z + b) + h",
    "layer_norm": f"layer normalisation divides by a standard deviation; it {NOT_LINEAR}",
}


@dataclass(frozen=True)
class Choices:
    """What the caller says of a file; see `symplrnn.load`."""

    kind: str | None = None
    P: int | None = None
    clipped: bool | None = None
    thresholds: str | None = None
    relu: str | None = None
    k: Any = None
    activation: str | None = None
    hold_inputs: Any = None
    prefix: str | None = None
    decimal: bool = False

    def __post_init__(self) -> None:
        for name, accepted in VALUES.items():
            value = getattr(self, name)
            if value is not None and not any(type(value) is type(x) and value == x for x in accepted):
                text = ACCEPTED.get(name, "True or False")
                raise FormatError(f"{name}: expected {text}, got {' '.join(repr(value).split())[:40]}")
        for name in ("activation", "prefix"):
            if not isinstance(getattr(self, name), str | None):
                raise FormatError(f"{name}: expected a text, got a value of type {type(getattr(self, name)).__name__}")
        if self.activation is not None and self.activation != "relu":
            raise FormatError(f"activation: {REFUSED.get(self.activation, f'{self.activation[:40]!r} {NOT_LINEAR}')}")

    def given(self) -> list[str]:
        """Return the names of what is said, but for ``decimal``, which every file takes.

        >>> Choices(P=2, decimal=True).given()
        ['P']
        """
        return [field.name for field in fields(self) if field.name != "decimal" and getattr(self, field.name) is not None]

    def ask(self, what: str, *names: str) -> None:
        """Raise `FormatError` that asks for everything among these names that is not said.

        >>> Choices(clipped=True).ask("a network", "clipped", "P")
        Traceback (most recent call last):
        ...
        symplrnn.errors.FormatError: a network; the file does not say P (the number of rectified states, the last ones): give ...
        """
        missing = [name for name in names if getattr(self, name) is None]
        if missing:
            texts = ", and ".join(f"{name} ({ACCEPTED[name]})" for name in missing)
            options = ", ".join(f"{name}=..." for name in missing)
            raise FormatError(f"{what}; the file does not say {texts}: give {options} (in the program, --load {missing[0]}=...)")


NOTHING_SAID = Choices()


@dataclass(frozen=True)
class InFiles:
    """A class of network as files hold it.

    Parameters
    ----------
    kind : str
        Its name as an option, one of `KINDS`.
    what : str
        Its name in messages.
    needed, optional : mapping of names to names in files
        The matrices that it must and may have, by the names that published code gives them.
    choices : tuple of str
        The fields of `Choices` that it has.
    build : function of the matrices by their names, the choices, and keywords of `ReLURNN`
        It asks for choices that are missing.
    """

    kind: str
    what: str
    needed: Mapping[str, tuple[str, ...]]
    optional: Mapping[str, tuple[str, ...]]
    choices: tuple[str, ...]
    build: Callable[..., ReLURNN]

    def found(self, names: Mapping[str, str]) -> dict[str, str] | None:
        """Return the variables of the class among names (each with its full name in the file); None if one is missing."""
        found = {}
        for role, spellings in {**self.needed, **self.optional}.items():
            match = next((names[x] for x in spellings if x in names), None)
            if match is not None:
                found[role] = match
            elif role in self.needed:
                return None
        return found

    @property
    def spellings(self) -> set[str]:
        """All names in files that the class knows."""
        return {x for spellings in (*self.needed.values(), *self.optional.values()) for x in spellings}
