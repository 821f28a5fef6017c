"""Cells of arrangements: each leaf is proved with fractions, and the list is what an exact linear program says of each pattern."""

from fractions import Fraction
from functools import partial
from itertools import pairwise, product
from random import Random

import pytest
import sympy as sp
from flint import fmpq, fmpq_mat

from symplrnn.exact import cells
from symplrnn.exact.cells import Arrangement, Cell, EmptyPrefix
from symplrnn.exact.feasibility import is_feasible, proves_emptiness
from symplrnn.exact.fields.letters import field_of
from symplrnn.exact.fields.real import real_field


def fraction(x):
    return Fraction(int(x.p), int(x.q))


def arrangement(V, b):
    n = len(V[0])
    entries = [fmpq(Fraction(x).numerator, Fraction(x).denominator) for row in V for x in row]
    return Arrangement(
        fmpq_mat(len(V), n, entries), fmpq_mat([[fmpq(Fraction(x).numerator, Fraction(x).denominator)] for x in b])
    )


def drawn(seed):
    """Return rows and constants: in general position, with small numbers, or degenerate (through 0, parallel, twice, rows of 0)."""
    rng = Random(seed)
    n, p = rng.choice([(1, 5), (2, 6), (3, 6), (2, 7), (4, 5)])
    if seed % 3 == 0:
        value = partial(rng.gauss, 0, 1)
    elif seed % 3 == 1:
        value = partial(rng.randint, -1, 1)
    else:
        value = partial(rng.choice, [Fraction(0), Fraction(1, 3), Fraction(-1, 3), Fraction(2), Fraction(-5, 7)])
    V, b = [[value() for _ in range(n)] for _ in range(p)], [value() for _ in range(p)]
    if seed % 4 == 0:  # V = [W; W], as of a clipped shallow PLRNN
        V = [*V[: p // 2], *V[: p // 2]]
        b = [*b[: p // 2], *[0] * (p // 2)]
    if seed % 7 == 0:
        b = [0] * len(b)
    if seed % 5 == 0:
        V[1] = [0] * n
    if seed % 11 == 0:  # an equation: v.z + b <= 0 and -v.z - b <= 0
        V[2], b[2] = [-x for x in V[0]], -b[0]
    return V, b


def proved(V, b, leaves):
    """Check leaves with fractions alone, and return the patterns."""
    V, b, p = [[Fraction(x) for x in row] for row in V], [Fraction(x) for x in b], len(V)
    patterns = []
    for leaf in leaves:
        if isinstance(leaf, Cell):
            z = [fraction(x) for x in leaf.point.entries()]
            values = [sum(x * y for x, y in zip(row, z, strict=True)) + c for row, c in zip(V, b, strict=True)]
            assert "".join("1" if x > 0 else "0" for x in values) == leaf.pattern
            patterns.append(leaf.pattern)
        else:
            y = {i: fraction(x) * (1 if leaf.pattern[i] == "1" else -1) for i, x in leaf.multipliers.items()}
            assert all(y[i] * (1 if leaf.pattern[i] == "1" else -1) > 0 for i in y)
            assert all(sum(y[i] * V[i][j] for i in y) == 0 for j in range(len(V[0])))
            total = sum(y[i] * b[i] for i in y)
            assert total < 0 or (total == 0 and any(leaf.pattern[i] == "1" for i in y))
    texts = [leaf.pattern for leaf in leaves]
    assert texts == sorted(texts)
    assert sum(Fraction(1, 2 ** len(text)) for text in texts) == 1
    assert not any(second.startswith(first) for first, second in pairwise(texts))
    for leaf in leaves:  # none is cut later than it could be
        if isinstance(leaf, EmptyPrefix) and leaf.pattern:
            assert any(pattern.startswith(leaf.pattern[:-1]) for pattern in patterns)
    assert all(len(pattern) == p for pattern in patterns)
    return patterns


def by_exact_programs(V, b):
    exact = arrangement(V, b)
    rows, constants = exact.normals.tolist(), exact.constants.entries()
    return ["".join(d) for d in product("01", repeat=len(V)) if is_feasible(rows, constants, [x == "1" for x in d])]


@pytest.mark.parametrize("seeds", [range(24), pytest.param(range(24, 400), marks=pytest.mark.slow)], ids=["few", "many"])
def test_leaves_are_proved_and_complete(seeds):
    for seed in seeds:
        V, b = drawn(seed)
        exact = arrangement(V, b)
        patterns = proved(V, b, list(exact.leaves()))
        assert len(patterns) <= exact.most_cells
        if seed < 6 or seed % 8 == 0:
            assert patterns == by_exact_programs(V, b)


@pytest.mark.slow
def test_ten_hidden_units_in_the_plane_are_as_the_exact_programs_say():
    for seed in range(3):
        rng = Random(seed)
        V, b = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(10)], [rng.gauss(0, 1) for _ in range(10)]
        patterns = proved(V, b, list(arrangement(V, b).leaves()))
        assert patterns == by_exact_programs(V, b)
        assert len(patterns) == arrangement(V, b).most_cells == 56


def test_general_position_has_as_many_cells_as_the_formula_says():
    for n, p in ((1, 9), (2, 8), (3, 7)):
        rng = Random(n)
        exact = arrangement([[rng.gauss(0, 1) for _ in range(n)] for _ in range(p)], [rng.gauss(0, 1) for _ in range(p)])
        assert len(list(exact.patterns())) == exact.most_cells


@pytest.mark.parametrize(
    "lie",
    [
        lambda G, c: None,
        lambda G, c: [0],
        lambda G, c: list(range(len(c))),
        lambda G, c: (G[-1], 1e-3),
        lambda G, c: (-G[-1] * 1e9, 1e9),
    ],
)
def test_what_floating_point_says_is_not_believed(lie, monkeypatch):
    expected = {seed: list(arrangement(*drawn(seed)).patterns()) for seed in (1, 3)}
    monkeypatch.setattr(cells, "largest_margin", lie)
    for seed, patterns in expected.items():
        assert proved(*drawn(seed), list(arrangement(*drawn(seed)).leaves())) == patterns


def test_cells_that_are_thin_far_away_or_of_one_point():
    tiny, huge = Fraction(1, 10**40), 10**40
    assert list(arrangement([[1], [1]], [0, -tiny]).patterns()) == ["00", "10", "11"]
    assert list(arrangement([[1], [-1]], [-huge, huge + 1]).patterns()) == ["01", "10", "11"]
    assert list(arrangement([[10**400], [1]], [1, -1]).patterns()) == ["00", "10", "11"]
    assert list(arrangement([[1], [-1]], [0, 0]).patterns()) == ["00", "01", "10"]  # "00" is the point 0
    assert list(arrangement([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]).patterns()) == [
        f"{d:03b}" for d in range(7)
    ]  # "000" is the point 0
    assert list(arrangement([[1], [1]], [0, 0]).patterns()) == ["00", "11"]
    assert list(arrangement([[0], [0]], [0, 1]).patterns()) == ["01"]


def test_lengths_that_double_precision_does_not_hold():
    for far in (10**200, 10**400):  # a warning is an error here
        faces = Arrangement(fmpq_mat([[far, 0], [fmpq(-1, far), 1]]), fmpq_mat([[1], [0]]))
        assert list(faces.patterns()) == ["00", "01", "10", "11"]


def test_a_prefix_and_what_is_wanted_bound_the_walk():
    exact = arrangement(*drawn(3))
    patterns = list(exact.patterns())
    for prefix in ("0", "10", patterns[0][:3], "1111"):
        found = [leaf.pattern for leaf in exact.leaves(prefix) if isinstance(leaf, Cell)]
        assert found == [pattern for pattern in patterns if pattern.startswith(prefix)]
        assert exact.is_empty(prefix) == (not found)
    chosen = patterns[::3]
    found = exact.leaves(wanted=lambda prefix: any(pattern.startswith(prefix) for pattern in chosen))
    assert [leaf.pattern for leaf in found if isinstance(leaf, Cell)] == chosen


def test_irrational_faces():
    root = sp.sqrt(2)
    K = field_of([root])
    V = [[1, 0], [root, 1], [-root / 2, sp.Rational(-1, 2)], [1, root]]
    b = [0, -root, root / 2, 1]  # the third is the second turned round and halved: an equation where both are inactive
    normals, constants = K.fill(4, 2, [K.element(x) for row in V for x in row]), K.fill(4, 1, [K.element(x) for x in b])
    exact = Arrangement(normals, constants, real_field(K))
    rows, heights = normals.tolist(), constants.entries()
    patterns = ["".join(d) for d in product("01", repeat=4) if is_feasible(rows, heights, [x == "1" for x in d], real_field(K))]
    assert list(exact.patterns()) == patterns
    assert not any(pattern[1:3] == "11" for pattern in patterns)
    assert any(pattern[1:3] == "00" for pattern in patterns)
    for leaf in exact.leaves():
        above = [d == "1" for d in leaf.pattern]
        k = len(above)
        if isinstance(leaf, EmptyPrefix):
            assert proves_emptiness(rows[:k], heights[:k], above, leaf.multipliers, real_field(K))
        else:
            z = [K.to_sympy(x) for x in leaf.point.entries()]
            assert all(
                bool(sp.N(row[0] * z[0] + row[1] * z[1] + c, 50, chop=True) > 0) == on
                for row, c, on in zip(V, b, above, strict=True)
            )


def test_multipliers_that_prove_nothing():
    one, rows, heights = fmpq(1), [[fmpq(1)], [fmpq(1)]], [fmpq(0), fmpq(-1)]
    empty = partial(proves_emptiness, rows, heights, [False, True])
    assert empty({0: one, 1: one})
    assert not empty({})
    assert not empty({0: -one, 1: -one})
    assert not empty({0: one, 1: one * 2})
    assert not proves_emptiness(rows, heights, [True, False], {0: one, 1: one})
    assert not proves_emptiness([[one], [-one]], [fmpq(0)] * 2, [False, False], {0: one, 1: one})  # z = 0 meets both
    assert proves_emptiness([[one], [-one]], [fmpq(0)] * 2, [False, True], {0: one, 1: one}) is False  # z < 0 does
    three = partial(proves_emptiness, [[one], [-one], [one]], [fmpq(0), fmpq(0), one], [False, False, True])
    assert not three({0: one, 1: one, 2: one * 0})  # z = 0 meets all: a strict inequality counts only with a positive multiplier
    assert proves_emptiness([[one], [one]], [fmpq(0)] * 2, [False, True], {0: one, 1: one})


def test_a_normal_whose_length_overflows_gives_no_warning():
    """Warnings are errors here."""
    steep = Arrangement(fmpq_mat([[fmpq(10) ** 160, 1], [1, fmpq(0)]]), fmpq_mat([[0], [-1]]))
    assert list(steep.patterns()) == ["00", "01", "10", "11"]
