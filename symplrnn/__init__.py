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
from warnings import warn

from symplrnn.errors import (
    EntryError,
    FormatError,
    MissingExtra,
    NoRealODE,
    PatternError,
    PrecisionLimit,
    ShapeError,
    SuspiciousNetwork,
    SymplrnnError,
    TooLarge,
    UndecidedError,
)
from symplrnn.version import __version__ as __version__

if TYPE_CHECKING:
    from symplrnn.conditions.formula import Formula
    from symplrnn.conditions.truth import FALSE, TRUE, UNKNOWN, Truth
    from symplrnn.derivation import derive
    from symplrnn.dynamics.crossing import CrossingReport, StepCertificate, certify_step, crossings
    from symplrnn.dynamics.faces import FaceField, FaceInterval, FaceMark, FacePoint, face_field
    from symplrnn.dynamics.transitions import TransitionGraph
    from symplrnn.eigenvalues.fixed_points import FixedPointFacts, fixed_point_facts
    from symplrnn.eigenvalues.spectrum import Spectrum, spectrum
    from symplrnn.emit import plot
    from symplrnn.emit.latex.dispatch import latex
    from symplrnn.emit.latex.notation import Notation
    from symplrnn.emit.report.writer import report
    from symplrnn.emit.verdict_file import check_to_file
    from symplrnn.functions.differences import LogDifference, PowerDifference, log_difference, phi, power_difference
    from symplrnn.logarithm.digits import Digits
    from symplrnn.network import ALRNN, PLRNN, DendriticPLRNN, RateRNN, ReLURNN, ShallowPLRNN
    from symplrnn.network.examples import example
    from symplrnn.network.files import load
    from symplrnn.network.files.modules import from_torch
    from symplrnn.network.orbit import Orbit
    from symplrnn.network.region import Face, Region
    from symplrnn.systems.aliases import AliasODE
    from symplrnn.systems.case_ode import CaseODE
    from symplrnn.systems.equilibria import Equilibrium
    from symplrnn.systems.flow import Flow
    from symplrnn.systems.frequencies import ComplexPair, complex_pairs, nyquist
    from symplrnn.systems.piecewise import NetworkODE
    from symplrnn.systems.region_ode import RegionODE
    from symplrnn.theorems.check import CheckReport, RegionCheck, check

# Imported at their first use: importing the package takes no time, and the program can say what it has to before SymPy is there.
_LATER = {
    "symplrnn.conditions.formula": ("Formula",),
    "symplrnn.conditions.truth": ("FALSE", "TRUE", "UNKNOWN", "Truth"),
    "symplrnn.eigenvalues.spectrum": ("Spectrum", "spectrum"),
    "symplrnn.network": ("ALRNN", "PLRNN", "DendriticPLRNN", "RateRNN", "ReLURNN", "ShallowPLRNN"),
    "symplrnn.network.orbit": ("Orbit",),
    "symplrnn.network.region": ("Face", "Region"),
    "symplrnn.systems.aliases": ("AliasODE",),
    "symplrnn.eigenvalues.fixed_points": ("FixedPointFacts", "fixed_point_facts"),
    "symplrnn.theorems.check": ("CheckReport", "RegionCheck", "check"),
    "symplrnn.dynamics.crossing": ("CrossingReport", "StepCertificate", "certify_step", "crossings"),
    "symplrnn.derivation": ("derive",),
    "symplrnn.systems.piecewise": ("NetworkODE",),
    "symplrnn.emit.latex.dispatch": ("latex",),
    "symplrnn.emit.latex.notation": ("Notation",),
    "symplrnn.emit.report.writer": ("report",),
    "symplrnn.emit.verdict_file": ("check_to_file",),
    "symplrnn.network.examples": ("example",),
    "symplrnn.dynamics.transitions": ("TransitionGraph",),
    "symplrnn.dynamics.faces": ("FaceField", "FaceInterval", "FaceMark", "FacePoint", "face_field"),
    "symplrnn.systems.frequencies": ("ComplexPair", "complex_pairs", "nyquist"),
    "symplrnn.network.files": ("load",),
    "symplrnn.network.files.modules": ("from_torch",),
    "symplrnn.functions.differences": ("LogDifference", "PowerDifference", "log_difference", "phi", "power_difference"),
    "symplrnn.logarithm.digits": ("Digits",),
    "symplrnn.systems.equilibria": ("Equilibrium",),
    "symplrnn.systems.flow": ("Flow",),
    "symplrnn.systems.region_ode": ("RegionODE",),
    "symplrnn.systems.case_ode": ("CaseODE",),
}
_OLD = {"CaseFlow": "Flow", "ParametricFlow": "Flow", "ParametricRegionODE": "RegionODE", "SymbolicSpectrum": "Spectrum"}
_MODULES = {"plot": "symplrnn.emit.plot"}
_HOMES = {name: module for module, names in _LATER.items() for name in names}

__all__ = [
    "ALRNN",
    "FALSE",
    "PLRNN",
    "TRUE",
    "UNKNOWN",
    "AliasODE",
    "CaseODE",
    "CheckReport",
    "ComplexPair",
    "CrossingReport",
    "DendriticPLRNN",
    "Digits",
    "EntryError",
    "Equilibrium",
    "Face",
    "FaceField",
    "FaceInterval",
    "FaceMark",
    "FacePoint",
    "FixedPointFacts",
    "Flow",
    "FormatError",
    "Formula",
    "LogDifference",
    "MissingExtra",
    "NetworkODE",
    "NoRealODE",
    "Notation",
    "Orbit",
    "PatternError",
    "PowerDifference",
    "PrecisionLimit",
    "RateRNN",
    "ReLURNN",
    "Region",
    "RegionCheck",
    "RegionODE",
    "ShallowPLRNN",
    "ShapeError",
    "Spectrum",
    "StepCertificate",
    "SuspiciousNetwork",
    "SymplrnnError",
    "TooLarge",
    "TransitionGraph",
    "Truth",
    "UndecidedError",
    "certify_step",
    "check",
    "check_to_file",
    "complex_pairs",
    "crossings",
    "derive",
    "example",
    "face_field",
    "fixed_point_facts",
    "from_torch",
    "latex",
    "load",
    "log_difference",
    "nyquist",
    "phi",
    "plot",
    "power_difference",
    "report",
    "spectrum",
]


def __getattr__(name: str) -> Any:
    if name in _OLD:
        warn(f"symplrnn.{name} is now symplrnn.{_OLD[name]}, for entries of every kind", DeprecationWarning, stacklevel=2)
        return __getattr__(_OLD[name])
    if name not in _HOMES and name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = import_module(_MODULES[name]) if name in _MODULES else getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
