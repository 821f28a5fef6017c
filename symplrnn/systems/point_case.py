"""The case of a region with letters at one point of the parameter space, for regions whose cases are not all listed.

The values are put in before anything is derived, so that nothing grows with the number of letters.

Reference: THEORY section 2, identity (2), and section 3, E2 to E6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from symplrnn.conditions.formula import ALWAYS, all_formulas, zero
from symplrnn.eigenvalues.parametric import ParametricSpectrum
from symplrnn.errors import EntryError
from symplrnn.logarithm.cases.cases import cases
from symplrnn.logarithm.cases.where_e2_fails import cases_beyond
from symplrnn.network.region import Region
from symplrnn.systems.case_ode import CaseODE

__all__ = ["case_of"]


def case_of(region: Region, dt: sp.Expr, values: Mapping[sp.Symbol, Any]) -> CaseODE:
    """Return the case that says that the parameters of a network have these values, with its closed form in numbers.

    ``values`` may have those of letters in dt besides, which stay. Raises `EntryError` if a parameter has no value.

    >>> from symplrnn.network.network import PLRNN
    >>> net = PLRNN(["a"], [[0]], [0], parameters=["a"])
    >>> case = case_of(net.region("0"), sp.Integer(1), {net.parameters[0]: sp.Rational(-1, 2)})
    >>> case.condition, case.kind, case.matrix
    (Eq(2*a + 1, 0), 'lifted', Matrix([
    [-log(2),     -pi],
    [     pi, -log(2)]]))
    """
    network = region.network
    missing = [str(symbol) for symbol in network.parameters if symbol not in values or values[symbol].free_symbols]
    if missing:
        raise EntryError(f"the parameter {missing[0]} has no value; needed are {', '.join(map(str, network.parameters))}")
    own = {symbol: values[symbol] for symbol in network.parameters}
    facts = ParametricSpectrum(network.subs(own).region(region.pattern))
    columns, M = facts.columns, facts.region.affine.M
    if facts.where_principal.is_true:
        found = cases(facts.field, M, columns, facts.factors, ALWAYS)
    else:
        found = cases_beyond(facts.field, M, columns, facts.factors)
    [case] = found.cases
    where = all_formulas(zero(symbol - value) for symbol, value in own.items())
    return CaseODE(region, dt, replace(case, condition=where, domain=where), tuple(values.items()))
