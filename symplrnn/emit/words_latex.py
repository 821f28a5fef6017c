r"""What a system is, and why it is no simpler one, in sentences for print.

Reference: THEORY section 3, E3, E5 and E6.
"""

from __future__ import annotations

import sympy as sp

from symplrnn.emit.entries import decimal_latex, number_latex
from symplrnn.emit.notation import Notation
from symplrnn.emit.readable import is_readable
from symplrnn.exact.decimals import outward
from symplrnn.exact.numbers import to_sympy
from symplrnn.exact.rational import coefficients
from symplrnn.ode import RegionODE
from symplrnn.spectrum import NegativeEigenvalue, Spectrum, spectrum

__all__ = ["eigenvalue_latex", "reasons", "state_sentence"]


def eigenvalue_latex(eigenvalue: NegativeEigenvalue) -> str:
    r"""Return a negative eigenvalue in LaTeX: exactly if it is short, with a square root at most, else an interval around it.

    >>> from symplrnn.network import ReLURNN
    >>> region = ReLURNN([[1, 1], [1, 0]], [[], []], [0, 0], V=[]).region("")
    >>> print(eigenvalue_latex(spectrum(region).negative_eigenvalues[0]))
    $\frac{1}{2} - \frac{\sqrt{5}}{2}$
    """
    f, interval = eigenvalue.minimal_polynomial, eigenvalue.interval
    if f.degree() == 2 and is_readable(coefficients(f)):
        half, distance = to_sympy(-f[1] / 2), sp.sqrt(to_sympy(f[1] * f[1] / 4 - f[0]))
        # At the lower end f is positive before its smaller root, and negative before its larger root.
        return f"${number_latex(half - distance if f(interval.lower) > 0 else half + distance)}$"
    if interval.is_point and is_readable([interval.lower]):
        return f"${number_latex(to_sympy(interval.lower))}$"
    ends = [decimal_latex(outward(end, 4, way)) for end, way in ((interval.lower, -1), (interval.upper, 1))]
    return rf"in $[{ends[0]},\, {ends[1]}]$"


def state_sentence(ode: RegionODE, symbols: Notation) -> str:
    """Return the sentence about the extra coordinates; nothing if there are none."""
    if not ode.extra:
        return ""
    u, count = symbols.extra_state, "1 extra coordinate" if ode.extra == 1 else f"{ode.extra} extra coordinates"
    after = " after the jump" if ode.jump is not None else ""
    return (
        rf"Here ${u} \in \mathbb{{R}}^{{{ode.extra}}}$ stands for {count}, with ${u} = 0$ at each grid time{after}; after each "
        rf"step of length ${number_latex(ode.dt)}$, ${u}$ is $0$ again and ${symbols.continuous_state}$ is the network's state."
    )


def reasons(ode: RegionODE) -> list[str]:
    """Return sentences why the system is no simpler one; none for a principal logarithm without a jump.

    >>> from symplrnn.network import PLRNN
    >>> print(*reasons(RegionODE(PLRNN([0], [[0]], [0]).region("1"), sp.Integer(1))))
    The jump is needed because $0$ is an eigenvalue of the map, and flows are invertible.
    """
    facts = spectrum(ode.region)
    if not isinstance(facts, Spectrum):
        return []
    found = []
    if ode.jump is not None:
        found.append("The jump is needed because $0$ is an eigenvalue of the map, and flows are invertible.")
    unpaired = [e for e in facts.negative_eigenvalues if not e.is_paired]
    if unpaired:
        which = _which(unpaired)
        linear = ", not even a time-dependent linear one," if facts.determinant < 0 else ""
        negative = ", and the determinant is negative" if facts.determinant < 0 else ""
        enough = "one extra coordinate suffices" if ode.extra == 1 else f"{ode.extra} extra coordinates suffice, and fewer do not"
        found.append(
            f"There is no real ODE of dimension ${ode.n}${linear} because the Jordan blocks of {which} do not pair up{negative}; "
            f"{enough}."
        )
    elif facts.negative_count:
        which, verb = _which(facts.negative_eigenvalues), "is" if len(facts.negative_eigenvalues) == 1 else "are"
        found.append(
            f"The matrix of the ODE is a real logarithm, but no principal one exists: {which} {verb} negative, in paired "
            "Jordan blocks."
        )
    return found


def _which(eigenvalues: tuple[NegativeEigenvalue, ...] | list[NegativeEigenvalue]) -> str:
    """Return the eigenvalues in words: one or two by their values, more by their number."""
    if len(eigenvalues) == 1:
        return f"the eigenvalue {eigenvalue_latex(eigenvalues[0])}"
    if len(eigenvalues) == 2:
        return "the eigenvalues " + " and ".join(map(eigenvalue_latex, eigenvalues))
    return f"{len(eigenvalues)} eigenvalues"
