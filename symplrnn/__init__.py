"""symplrnn: the ordinary differential equation that is equivalent to a ReLU recurrent network, decided and derived exactly.

>>> import symplrnn as sr
>>> net = sr.PLRNN(A=[1, "1/100"], W=[[0, 1], [0, 0]], h=[0, "-0.995"])
>>> sr.check(net).counts["principal"]
4
>>> ode = sr.derive(net, dt=1)
>>> ode["01"].digits(12).matrix
(('0', '4.65168705655'), ('0', '-4.60517018599'))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from symplrnn.errors import (
    EntryError,
    FormatError,
    MissingExtra,
    NoRealODE,
    PatternError,
    PrecisionLimit,
    ShapeError,
    SymplrnnError,
    TooLarge,
    UndecidedError,
)
from symplrnn.formula import Formula
from symplrnn.network import ALRNN, PLRNN, ReLURNN
from symplrnn.orbit import Orbit
from symplrnn.region import Face, Region
from symplrnn.spectrum import Spectrum, spectrum
from symplrnn.truth import FALSE, TRUE, UNKNOWN, Truth

if TYPE_CHECKING:
    from symplrnn.aliases import AliasODE
    from symplrnn.bifurcation import FixedPointFacts, fixed_point_facts
    from symplrnn.caseode import CaseFlow, CaseODE
    from symplrnn.checking import CheckReport, RegionCheck, check
    from symplrnn.crossing import CrossingReport, StepCertificate, certify_step, crossings
    from symplrnn.derivation import NetworkODE, derive
    from symplrnn.emit.latex import latex
    from symplrnn.emit.notation import Notation
    from symplrnn.examples import example
    from symplrnn.face import FaceField, FaceInterval, FaceMark, FacePoint, face_field
    from symplrnn.frequencies import ComplexPair, complex_pairs, nyquist
    from symplrnn.io import load
    from symplrnn.ode import Digits, Flow, RegionODE
    from symplrnn.parametric import ParametricRegionODE
    from symplrnn.parametricflow import ParametricFlow
    from symplrnn.symbolic_spectrum import SymbolicSpectrum

# Imported at their first use, so that importing the package costs hardly more than importing SymPy.
_LATER = {
    "symplrnn.aliases": ("AliasODE",),
    "symplrnn.bifurcation": ("FixedPointFacts", "fixed_point_facts"),
    "symplrnn.checking": ("CheckReport", "RegionCheck", "check"),
    "symplrnn.crossing": ("CrossingReport", "StepCertificate", "certify_step", "crossings"),
    "symplrnn.derivation": ("NetworkODE", "derive"),
    "symplrnn.emit.latex": ("latex",),
    "symplrnn.emit.notation": ("Notation",),
    "symplrnn.examples": ("example",),
    "symplrnn.face": ("FaceField", "FaceInterval", "FaceMark", "FacePoint", "face_field"),
    "symplrnn.frequencies": ("ComplexPair", "complex_pairs", "nyquist"),
    "symplrnn.io": ("load",),
    "symplrnn.ode": ("Digits", "Flow", "RegionODE"),
    "symplrnn.caseode": ("CaseFlow", "CaseODE"),
    "symplrnn.parametric": ("ParametricRegionODE",),
    "symplrnn.parametricflow": ("ParametricFlow",),
    "symplrnn.symbolic_spectrum": ("SymbolicSpectrum",),
}
_HOMES = {name: module for module, names in _LATER.items() for name in names}

__version__ = "0.6.3"

__all__ = [
    "ALRNN",
    "FALSE",
    "PLRNN",
    "TRUE",
    "UNKNOWN",
    "AliasODE",
    "CaseFlow",
    "CaseODE",
    "CheckReport",
    "ComplexPair",
    "CrossingReport",
    "Digits",
    "EntryError",
    "Face",
    "FaceField",
    "FaceInterval",
    "FaceMark",
    "FacePoint",
    "FixedPointFacts",
    "Flow",
    "FormatError",
    "Formula",
    "MissingExtra",
    "NetworkODE",
    "NoRealODE",
    "Notation",
    "Orbit",
    "ParametricFlow",
    "ParametricRegionODE",
    "PatternError",
    "PrecisionLimit",
    "ReLURNN",
    "Region",
    "RegionCheck",
    "RegionODE",
    "ShapeError",
    "Spectrum",
    "StepCertificate",
    "SymbolicSpectrum",
    "SymplrnnError",
    "TooLarge",
    "Truth",
    "UndecidedError",
    "certify_step",
    "check",
    "complex_pairs",
    "crossings",
    "derive",
    "example",
    "face_field",
    "fixed_point_facts",
    "latex",
    "load",
    "nyquist",
    "spectrum",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
