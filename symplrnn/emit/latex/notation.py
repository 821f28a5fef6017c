r"""The symbols that LaTeX is printed with.

The default notation is that of the 2020 paper: z and W_Omega for the discrete map, zeta and a tilde for continuous time. The
paper has no extra coordinates and no jumps: they are u and J, j.

Reference: Z. Monfared, D. Durstewitz, ICML 2020, for the notation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import sympy as sp

from symplrnn import views
from symplrnn.errors import EntryError
from symplrnn.logarithm.named_form import free_symbol

__all__ = ["Notation"]


@dataclass(frozen=True, repr=False)
class Notation(views.Shown):
    r"""The symbols that `latex` prints; ``<pattern>`` in a name stands for the region's pattern, ``<number>`` for a number.

    >>> Notation(continuous_state="x").continuous_state
    'x'
    """

    state: str = "z"
    continuous_state: str = r"\zeta"
    matrix: str = r"W_{\Omega_{<pattern>}}"
    offset: str = r"h_{\Omega_{<pattern>}}"
    input_matrix: str = "C"
    input: str = "s"
    continuous_matrix: str = r"\widetilde{W}_{\Omega_{<pattern>}}"
    continuous_offset: str = r"\tilde{h}_{\Omega_{<pattern>}}"
    continuous_input_matrix: str = r"\widetilde{C}_{\Omega_{<pattern>}}"
    relu: str = r"\phi"
    region: str = r"\Omega_{<pattern>}"
    weight: str = r"\omega^{(<pattern>)}"
    extra_state: str = "u"
    jump: str = r"J_{\Omega_{<pattern>}}"
    jump_offset: str = r"j_{\Omega_{<pattern>}}"
    jump_input_matrix: str = r"J^{\text{in}}_{\Omega_{<pattern>}}"
    root: str = r"\lambda_{<pattern>,<number>}"

    def __post_init__(self) -> None:
        for part in fields(self):
            value = getattr(self, part.name)
            if not isinstance(value, str):
                raise EntryError(f"Notation: {part.name}: expected LaTeX as text, got {value!r}")

    def apart(self, parameters: Iterable[sp.Symbol]) -> Notation:
        """Return the notation with another symbol for the extra coordinates if a parameter is printed like it.

        >>> Notation().apart([sp.Symbol("u")]).extra_state
        'u_{1}'
        """
        names = [str(s) for s in parameters]
        if self.extra_state not in map(sp.latex, map(sp.Symbol, names)):
            return self
        return replace(self, extra_state=sp.latex(free_symbol(self.extra_state, names)))

    def flow(self, m: int) -> tuple[str, ...]:
        """Return the templates of X, y, and, if there are m > 0 inputs, Y.

        >>> Notation(continuous_matrix="X", continuous_offset="y").flow(0)
        ('X', 'y')
        """
        return (self.continuous_matrix, self.continuous_offset, self.continuous_input_matrix)[: 3 if m else 2]

    def jumps(self, m: int) -> tuple[str, ...]:
        """Return the templates of the matrix, the offset and, if there are m > 0 inputs, the input matrix of the jump."""
        return (self.jump, self.jump_offset, self.jump_input_matrix)[: 3 if m else 2]

    def name(self, template: str, pattern: str) -> str:
        """Return a name with its pattern filled in."""
        return template.replace("<pattern>", pattern or r"\emptyset")
