"""The parts of the parameter space: at values exactly one holds, and its factors there are squarefree, coprime and the right ones."""

from dataclasses import replace
from itertools import product

import pytest
import sympy as sp

from symplrnn.conditions.emptiness import is_met_somewhere
from symplrnn.eigenvalues.parts import coincidences, structures
from symplrnn.exact.fields.letters import field_of

x = sp.Symbol("x")
a, b, c, d = LETTERS = sp.symbols("a b c d", real=True)


def companion(*coefficients):
    """The companion matrix of x^n + ... + c1 x + c0."""
    n = len(coefficients)
    return sp.Matrix(n, n, lambda i, j: -coefficients[i] if j == n - 1 else int(i == j + 1))


def parts_of(matrix):
    K = field_of(list(matrix) or [a])
    M = K.fill(*matrix.shape, [K.element(e) for e in matrix])
    return list(structures(K, M, K.factor(K.characteristic_polynomial(M)), M))


def at(part, expression, values):
    """The value of an element of the field of a part, with its definitions and its equations."""
    for symbol, value in reversed(part.definitions):
        expression = expression.subs(symbol, value)
    return sp.expand(expression.subs(values))


def with_roots(letters, *roots):
    """Values of the coefficients of a monic polynomial that has some roots; what else it has follows from them."""
    coefficients = sp.Poly(sp.prod(x - r for r in roots), x).all_coeffs()[::-1]
    return dict(zip(letters, coefficients, strict=False))


GRID = [dict(zip((a, b), values, strict=True)) for values in product((-2, -1, 0, 1, 2), repeat=2)]
TRIPLES = [dict(zip((a, b, c), values, strict=True)) for values in product((0, 1), (-2, 0, 1), (0, 1, 2))]
rho = sp.Symbol("rho", real=True)
i, h = sp.I, sp.Rational(1, 2)
CUBES = [(1, 1, -2), (0, 0, 0), (1, 1, 1), (2, 1, -3), (1, i, -i), (-1, -1, 3), (h, h, -1), (0, 0, 2), (1, 2, 3)]
QUARTICS = [
    (1, 1, 2, 3), (1, 1, 2, 2), (1, 1, 1, 2), (1, 1, 1, 1), (0, 1, 2, 3), (i, i, -i, -i), (i, -i, 1, 1), (0, 0, 0, 0), (0, 0, 0, 2),
    (1, -1, 1, -1), (2, 2, -1, -3), (1 + i, 1 - i, 1 + i, 1 - i),
]  # fmt: skip
CASES = {
    "two letters": (sp.diag(a, b), GRID),
    "a letter and numbers": (sp.diag(a, a, 2), GRID),
    "a letter in two eigenvalues": (sp.diag(a**2, a, 1), GRID),
    "three letters": (sp.diag(a, b, c), TRIPLES),
    "a quadratic": (companion(a, b), GRID),
    "a quadratic and a letter": (sp.diag(companion(a, b), c), TRIPLES),
    "a quadratic twice and a letter": (sp.diag(companion(a, b), companion(a, b), c), TRIPLES),
    "a quadratic and its own letter": (sp.diag(companion(a, b), a), GRID),
    "a depressed cubic": (companion(a, b, 0), [with_roots((a, b), *r) for r in CUBES if sum(r) == 0] + GRID),
    "a pure cubic": (companion(b, 0, 0), [{b: 0}, {b: 1}]),
    "a cubic with one letter": (companion(b, -3, 0), [{b: 0}, {b: 2}, {b: -2}]),
    "a cubic with a letter rho": (companion(rho, b, c), [with_roots((rho, b, c), *r) for r in CUBES]),
    "a cubic": (companion(a, b, c), [with_roots((a, b, c), *r) for r in CUBES]),
    "a cubic and a letter": (
        sp.diag(companion(a, b, 0), c), [with_roots((a, b), *r) | {c: v} for r in CUBES if sum(r) == 0 for v in (0, 1, -2)]
    ),
    "a quartic": (companion(a, b, c, d), [with_roots(LETTERS, *r) for r in QUARTICS]),
    "a quartic with a root four times or never twice": (
        companion(*sp.Poly((x - a) ** 4 + b**2 - 2, x).all_coeffs()[:0:-1]), [{a: 1, b: 0}, {a: 1, b: sp.sqrt(2)}]
    ),
    "a quartic with a letter": (companion(b, 0, 0, 0), [{b: 0}, {b: 1}]),
    "a quartic in x^2": (companion(b, 0, a, 0), [{a: v, b: w} for v, w in ((1, 0), (0, 0), (2, 1), (1, 1), (-2, 1), (0, 1))]),
    "a quartic in x^2, twice": (
        sp.diag(companion(b, 0, a, 0), companion(b, 0, a, 0)), [{a: v, b: w} for v, w in ((1, 0), (0, 0), (2, 1), (1, 1))]
    ),
    "a quartic in x^2 with a discriminant of two factors, one of them solved for a letter": (
        companion(b**2 + c**3, 0, 2 * b, 0), [{b: v, c: w} for v, w in ((1, -1), (-1, -1), (1, 0), (0, 0), (1, 1))]
    ),
    "two quadratics": (
        sp.diag(companion(a, b), companion(c, 1)),
        [with_roots((a, b), r, s) | {c: -v * (v + 1)} for r, s in ((1, 2), (1, 1), (1, -2), (-h, -h), (3, -h), (3, 3)) for v in (1, -h, 3)],
    ),
    "a quadratic of numbers and a letter": (sp.diag(companion(-2, 0), a), [{a: v} for v in (1, sp.sqrt(2), -sp.sqrt(2))]),
}  # fmt: skip

NUMBERS = [2, 2, 4, 5, 2, 4, 4, 4, 3, 2, 2, 3, 3, 7, 5, 2, 2, 4, 4, 6, 9, 2]  # of parts, in the same order


@pytest.mark.parametrize("name", CASES)
def test_one_part_holds_and_its_factors_are_apart(name):
    matrix, points = CASES[name]
    found = parts_of(matrix)
    met = set()
    for values in points:
        [part] = [part for part in found if part.condition.at(values)]
        assert not part.unresolved
        M = sp.Matrix(*matrix.shape, [at(part, part.field.to_sympy(e), values) for e in part.M.entries()])
        assert matrix.subs(values).expand() == M
        assert [at(part, part.field.to_sympy(e), values) for e in part.B.entries()] == list(M)
        factors = []
        for g, m in part.factors:
            coefficients = [at(part, part.field.to_sympy(e), values) for e in g.coeffs()]
            factors.append((sp.Poly(coefficients[::-1], x), m))
        assert sp.prod(g**m for g, m in factors) == M.charpoly(x)
        assert all(g.degree() > 0 for g, _ in factors)
        product_of_all = sp.prod(g for g, _ in factors)
        assert sp.gcd(product_of_all, product_of_all.diff()).degree() == 0
        met.add(found.index(part))
    assert len(found) == NUMBERS[list(CASES).index(name)]
    assert not any(
        is_met_somewhere(part.condition) for k, part in enumerate(found) if k not in met
    )  # no other part is without a point


def test_parts_are_open_where_their_one_equation_has_been_put_in():
    assert [part.is_open for part in parts_of(companion(b, 0, 0, 0))] == [True, True]
    assert [part.is_open for part in parts_of(companion(b, 0, a, 0))] == [True, False, False, False]  # two factors, that meet
    assert [part.is_open for part in parts_of(CASES["a cubic"][0])] == [True, False, True]  # a double root has no equation v = e
    assert [part.is_open for part in parts_of(CASES["two quadratics"][0])] == [True] * 4 + [False] + [True] * 4


def test_repeated_roots_that_are_long_have_letters():
    def definitions(name):
        return [len(part.definitions) for part in parts_of(CASES[name][0])]

    assert definitions("a cubic") == [0, 1, 0]  # a rational function of the coefficients, and their third
    assert definitions("a quartic") == [0, 0, 0, 1, 1]
    assert definitions("a quartic in x^2") == [0, 0, 0, 0]
    assert definitions("a cubic with one letter") == [0, 0]  # a multiple of the letter


def test_of_two_linear_factors_the_shorter_one_stays():
    matrix = sp.diag(b**2 + c + 1, a)
    for rows in (matrix, matrix[::-1, ::-1]):
        generic, _ = parts_of(rows)
        [found] = coincidences(replace(generic, apart=frozenset()), with_unit=False)
        [part] = found.parts(generic)
        assert [(part.field.to_sympy(-g[0]), m) for g, m in part.factors] == [(a, 2)]


def test_unit_and_zero_are_further_factors_if_asked_for():
    [part] = [part for part in parts_of(sp.diag(a, b, 0)) if len(part.factors) == 3]
    listed = {(unit, zero): {found.expression for found in coincidences(part, unit, zero)} for unit in (0, 1) for zero in (0, 1)}
    assert listed[0, 0] == listed[0, 1] == set()  # 0 is an eigenvalue already
    assert {frozenset((e, -e)) for e in listed[1, 0]} == {
        frozenset((a - 1, 1 - a)),
        frozenset((b - 1, 1 - b)),
        frozenset((1, -1)),
    }
    [part] = [part for part in parts_of(sp.diag(a, 1)) if len(part.factors) == 2]
    assert {frozenset((e, -e)) for e in (f.expression for f in coincidences(part, True, True))} == {
        frozenset((a, -a)), frozenset((1, -1)),
    }  # fmt: skip
    [at_zero] = [f for f in coincidences(part, True, True) if f.expression in (a, -a)]
    [changed] = at_zero.parts(part)
    assert sorted(m for _, m in changed.factors) == [1, 1]  # x is no further eigenvalue
