"""The cases of a closed form with letters where E2 fails: with half turns of negative eigenvalues, and after a jump.

The parameter space outside of E2 is divided by the coincidences of eigenvalues with each other, with 1 and with 0, and then by
how many roots of each factor are negative. On each part there is an exact system (E3, E5, E6): where 0 is an eigenvalue, the flow
after the jump J = (I - P) + M^ P is meant, with P the projector onto the generalised kernel.

Coincidences of eigenvalues that may be negative are cases of their own even if no denominator shows them: Jordan chains that pair
need fewer extra coordinates.

Reference: docs/theory, section 3, E3, E5 and E6; proofs/beyond.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import sympy as sp

from symplrnn.conditions.emptiness import is_met_somewhere
from symplrnn.conditions.equations import with_one_equation
from symplrnn.conditions.formula import ALWAYS, Formula, all_formulas
from symplrnn.eigenvalues.parts import Coincidence, Part, coefficients_of, text_of
from symplrnn.exact.fields.field import Field
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.signs import exact_sign
from symplrnn.logarithm.cases.cases import Case, Listing, Rule, explored
from symplrnn.logarithm.cases.negative_counts import may_have_negative_roots, root_signs
from symplrnn.logarithm.closed_form import Logarithm
from symplrnn.logarithm.spectral_form import augmented_matrix
from symplrnn.logarithm.turning import turnings

__all__ = ["cases_beyond"]


def cases_beyond(field: Field, M: Any, B: Any, factors: Sequence[tuple[Any, int]], known: Formula = ALWAYS) -> Listing:
    """Return the cases of log [[M, B], [0, I]], after a jump if M is singular, for M with the given factors, where E2 fails.

    No case that ``known``, what is known of the letters, excludes is listed.

    >>> import sympy as sp
    >>> from symplrnn.exact.fields.letters import field_of
    >>> a = sp.Symbol("a", real=True)
    >>> K = field_of([a])
    >>> M, B = K.fill(1, 1, [K.element(a)]), K.fill(1, 1, [K.element(1)])
    >>> found = cases_beyond(K, M, B, K.factor(K.characteristic_polynomial(M))).cases
    >>> [(case.condition, case.extra, case.jump is not None) for case in found]
    [((a < 0) & Ne(a, 1), 1, False), (Eq(a, 0), 0, True)]
    """
    return explored(_with_square_roots(Part(field, M, B, tuple(factors), known)), Rule(_leaves, _matters, with_zero=True))


def _with_square_roots(part: Part) -> Part:
    """Return the part over a field with the roots of its repeated quadratics of numbers: their chains have fewer cases."""
    K = part.field
    for g, m in part.factors:
        c = coefficients_of(K, g)
        if m == 1 or len(c) != 3 or any(x.free_symbols for x in c) or not may_have_negative_roots(c):
            continue
        discriminant = sp.expand(c[1] ** 2 - 4 * c[0])
        if exact_sign(discriminant, {}) > 0:
            entries = [[K.to_sympy(x) for x in matrix.entries()] for matrix in (part.M, part.B)]
            L = field_of([sp.sqrt(discriminant), *K.parameters, *entries[0], *entries[1]])
            M, B = (
                L.fill(matrix.nrows(), matrix.ncols(), [L.element(x) for x in listed])
                for matrix, listed in zip((part.M, part.B), entries, strict=True)
            )
            moved = [(L.polynomial([L.element(x) for x in coefficients_of(K, f)]), k) for f, k in part.factors]
            return _with_square_roots(Part(L, M, B, tuple((h, e * k) for f, k in moved for h, e in L.factor(f)), part.condition))
    return part


def _matters(part: Part, coincidence: Coincidence) -> bool:
    """Whether a coincidence changes more than the closed form: an eigenvalue 0, or the pairs of negative eigenvalues."""
    K, one = part.field, part.field.element(1)
    if text_of(K.polynomial([K.element(0), one])) in coincidence.key:
        return True
    if text_of(K.polynomial([-one, one])) in coincidence.key:
        return False
    met = (g for g, _ in part.factors if text_of(g) in coincidence.key)
    return all(may_have_negative_roots(coefficients_of(K, g)) for g in met)


def _leaves(part: Part, log: Logarithm) -> Iterator[Case]:
    """Yield the cases of a part by the signs of the eigenvalues; without those where E2 holds."""
    K = part.field
    x = text_of(K.polynomial([K.element(0), K.element(1)]))
    singular = any(text_of(g) == x for g, _ in part.factors)
    regular = log.terms[:-1] if singular else log.terms
    jump = _jump(part, log) if singular else None
    for signs in product(*(root_signs(part, term.factor) for term in regular)):
        condition = with_one_equation(part.condition & all_formulas(s.condition for s in signs))
        if condition.is_false or not (singular or any(s.negative != 0 for s in signs)):
            continue
        real = {index: s.real for index, s in enumerate(signs) if regular[index].degree == 2}
        for where, turning in turnings(part, log, dict(enumerate(signs))):
            domain = with_one_equation(condition & where)
            if is_met_somewhere(domain):
                yield Case(domain, log, real, part.definitions, part.factors, domain, "", turning, jump)


def _jump(part: Part, log: Logarithm) -> Any:
    """Return J = (I - P) + M^ P."""
    P = log.terms[-1].matrices[0]
    return part.field.identity(P.nrows()) - P + augmented_matrix(part.field, part.M, part.B) * P
